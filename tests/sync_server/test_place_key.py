"""The key of a place, however its parts were filled in."""

from contract.place import Place
from sync_server.domain import located
from sync_server.domain.gazetteer import Gazetteer


def place_key(place: Place) -> str:
    return located.place_key(place, located.locate(place, Gazetteer()))


def test_a_place_has_one_key_in_whichever_field_its_parts_stand() -> None:
    places = (
        Place(landmark="样例苑3号楼2单元"),
        Place(landmark="样例苑", building="3号楼", unit="2单元"),
        Place(landmark="样例苑3#", unit="02"),
        Place(landmark="样例苑", building="#3", unit="二单元"),
        Place(landmark="样例苑", building="3号楼的2单元"),
        Place(landmark="样例苑3.2.501"),
    )
    assert {place_key(one) for one in places} == {"样例苑/3/2"}


def test_a_code_stands_for_its_compound() -> None:
    for building, unit in (("3号楼", "2单元"), ("#3", "02"), ("3栋2门", None), ("2单元3栋", None)):
        assert place_key(Place(compound="c1", building=building, unit=unit)) == "C1/3/2"
    assert place_key(Place(compound="c1", building="综合楼", unit="2单元")) == "C1/综合楼/2"
    assert place_key(Place(compound="c1", building="5-12栋")) == "C1/5-12/"
    assert place_key(Place(compound="c1")) == "C1//"


def test_what_stands_beside_a_door_is_another_place() -> None:
    assert place_key(Place(landmark="样例苑3号楼对面")) == "样例苑3号楼对面//"
    assert place_key(Place()) == "//"
