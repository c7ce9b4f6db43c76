"""A pictogram for each code of some lists, so that a tile is found before its word is read. A code
that is newer than this app has the plain one."""

import flet as ft

Icons = ft.Icons
PLAIN = Icons.LABEL_OUTLINED
SIGNS = {
    "SIGNBOARD": Icons.STOREFRONT,
    "POSTER": Icons.NEWSPAPER,
    "SCHEDULE": Icons.CALENDAR_VIEW_WEEK,
    "DESKS_VISIBLE": Icons.TABLE_RESTAURANT,
    "WHITEBOARD": Icons.CO_PRESENT,
    "PUPILS_ENTERING": Icons.BACKPACK,
    "TEACHING_HEARD": Icons.HEARING,
    "REGULAR_TIMES": Icons.UPDATE,
    "FEE_INFO": Icons.PAYMENTS,
    "RESIDENT_REPORTS": Icons.RECORD_VOICE_OVER,
    "PROPERTY_REPORTS": Icons.APARTMENT,
    "COMPLAINT_REF": Icons.CONFIRMATION_NUMBER,
}
DISGUISES = {
    "ONE_ON_ONE": Icons.LOOKS_ONE,
    "SMALL_GROUP": Icons.GROUPS,
    "LIVE_IN_TUTOR": Icons.NIGHT_SHELTER,
    "CROWDFUNDED": Icons.SAVINGS,
    "DOMESTIC": Icons.CLEANING_SERVICES,
    "CONSULTING": Icons.SUPPORT_AGENT,
    "CULTURE": Icons.THEATER_COMEDY,
    "QUALITY": Icons.INTERESTS,
    "THINKING": Icons.EXTENSION,
    "CONTEST": Icons.EMOJI_EVENTS,
    "STUDY_TOUR": Icons.TOUR,
    "CAMP": Icons.CABIN,
    "CARE": Icons.CHILD_CARE,
    "HOMEWORK": Icons.EDIT_NOTE,
    "STUDY_ROOM": Icons.MENU_BOOK,
    "FAMILY_EDU": Icons.FAMILY_RESTROOM,
    "ART_EXAM": Icons.PALETTE,
    "ONLINE": Icons.VIDEOCAM,
    "OTHER": Icons.MORE_HORIZ,
    "NOT_CLEAR": Icons.QUESTION_MARK,
}
VENUES = {
    "RESIDENTIAL": Icons.APARTMENT,
    "OFFICE": Icons.BUSINESS,
    "HOTEL": Icons.HOTEL,
    "CAFE": Icons.LOCAL_CAFE,
    "SHOPFRONT": Icons.STOREFRONT,
    "CARE_CENTRE": Icons.CHILD_CARE,
    "TRAINING_ORG": Icons.VERIFIED,
    "STUDY_ROOM": Icons.MENU_BOOK,
    "ART_STUDIO": Icons.PALETTE,
    "COMMUNITY_ROOM": Icons.DIVERSITY_3,
    "BASEMENT": Icons.STAIRS,
    "YARD": Icons.COTTAGE,
    "ONLINE_ONLY": Icons.VIDEOCAM,
    "OTHER": Icons.MORE_HORIZ,
}
PICTOGRAMS: dict[str, dict[str, ft.IconData]] = {
    "sign": SIGNS,
    "disguise": DISGUISES,
    "venue": VENUES,
}


def pictogram(name: str, code: str) -> ft.IconData:
    """For a code of the list `name`."""
    return PICTOGRAMS[name].get(code, PLAIN)
