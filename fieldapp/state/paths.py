"""Where the verbs of the state lead: the addresses of the screens."""

HOME = "/"
PLACE = "/place"
PICK = "/place/pick"
SEEN = "/place/seen"
CAMERA = "/place/seen/camera"
MASK = "/place/seen/mask"
REVIEW = "/place/seen/review"
REPORTS = "/reports"
SYNC = "/sync"
SETTINGS = "/settings"
SUGGEST = "/settings/suggest"
PRIVACY = "/settings/privacy"
ABOUT = "/settings/about"
DUTY = "/duty"
HELP = "/duty/help"
DIAGNOSIS = "/duty/diagnosis"


def report(report_id: object) -> str:
    return f"{REPORTS}/{report_id}"
