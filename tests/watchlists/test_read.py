"""Lists are recognised by their content and read whatever their layout, encoding or damage."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from tests.shared_data import shared
from tracker.errors import CorruptInputError, EmptyInputError, UnknownFormatError
from tracker.tables.imo import is_imo, parse_imo
from tracker.tables.listing import REGISTRY, Tie, WatchList
from tracker.watchlists.read import read_list

SDN_ROW = '{id},{name},vessel,DPRK4] [SDGT,-0- ,HMAB,Oil Tanker,"3,500",-0- ,North Korea,-0- ,"{remarks}"\n'


def written(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(relative: str) -> list[dict[str, str]]:
    return list(csv.DictReader(shared(relative).read_text(encoding="utf-8").splitlines()))


def test_the_real_ofac_file_gives_its_106_vessels_of_the_dprk_programmes_with_their_imo_numbers() -> None:
    ofac = read_list(shared("real/registry/ofac_sdn_2022-01.csv.gz"))
    assert (ofac.format, ofac.edition) == ("ofac_sdn", date(2022, 1, 1))
    dprk = {e.entry_id: e for e in ofac.vessels if any(p.startswith("DPRK") for p in e.programmes)}
    expected = rows_of("real/registry/ofac_dprk_vessels_2022-01.csv")
    assert len(expected) == 106
    assert {e.entry_id: e.imo for e in dprk.values()} == {
        row["ent_num"]: int(row["imo"]) if row["imo"] else 8606173 for row in expected
    }
    # its remark lacks the word IMO
    assert next(e.imo for e in dprk.values() if e.name == "RYONG GUN BONG") == 8606173
    assert len(ofac.vessels) == 420


def test_ofac_fields_stand_in_their_places(tmp_path: Path) -> None:
    remarks = "Vessel Registration Identification IMO 9187629; MMSI 412345678; (f.k.a. 'SYN OLD'); Linked To: SYN CO."
    path = written(tmp_path, "sdn.csv", SDN_ROW.format(id=1, name="SYN Ñ 1", remarks=remarks), encoding="latin-1")
    written(tmp_path, "alt.csv", '1,7,"fka","SYN OLDER","-0-"\n')
    entry = read_list(path).entries[0]
    assert (entry.name, entry.imo, entry.mmsis, entry.callsigns) == ("SYN Ñ 1", 9187629, (412345678,), ("HMAB",))
    assert (entry.ship_type, entry.dwt_t, entry.programmes) == ("Oil Tanker", 3500.0, ("DPRK4", "SDGT"))
    assert entry.flags[0].state == "PRK"
    assert entry.aliases == ("SYN OLDER", "SYN OLD")
    assert entry.owners == ("SYN CO",)
    assert entry.is_sanction


def test_a_cut_download_is_refused_not_read_as_a_shorter_list(tmp_path: Path) -> None:
    whole = shared("real/registry/ofac_sdn_2022-01.csv.gz").read_bytes()
    (tmp_path / "cut.csv.gz").write_bytes(whole[:200_000])
    with pytest.raises(CorruptInputError, match="breaks off"):
        read_list(tmp_path / "cut.csv.gz")
    text = gzip.decompress(whole).decode("latin-1")
    with pytest.raises(CorruptInputError, match="row"):
        read_list(written(tmp_path, "sdn.csv", text[: text.rindex(",") - 40], encoding="latin-1"))


def test_an_extract_of_the_ofac_list_is_read_with_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, "sdn.csv", SDN_ROW.format(id=1, name="SYN", remarks="-0- "))
    assert any("a whole list has more than 300" in warning for warning in read_list(path).warnings)


def test_all_31_imo_numbers_of_the_public_vessels_of_interest_pass_the_check() -> None:
    rows = rows_of("reference/vessels_of_interest_public.csv")
    given = [row["imo"] for row in rows if row["imo"]]
    assert (len(rows), len(given)) == (38, 31)
    assert all(is_imo(int(imo)) for imo in given)
    interest = read_list(shared("reference/vessels_of_interest_public.csv"))
    assert sum(entry.imo is not None for entry in interest.entries) == 31
    false = next(e for e in interest.entries if e.name == "XIN YUAN 18")
    assert (false.flags[0].state, false.flags[0].is_false, false.mmsis) == ("MDV", True, (455910000,))


@pytest.mark.parametrize("text", ["9187628", "IMO 918762", "1234567890", "", "0000000", "-9187629", "９１８７６２９x"])
def test_a_malformed_imo_number_is_none(text: str) -> None:
    assert parse_imo(text) is None


def test_opensanctions_maritime_is_read_by_names_and_only_a_sanction_is_one(tmp_path: Path) -> None:
    text = (
        "type,caption,imo,risk,countries,flag,mmsi,id,url,datasets,aliases\n"
        "VESSEL,SYN STAR,IMO9187629,sanction;mare.shadow,pa,pa,352000001;412345678,os-1,u,us_ofac_sdn,SYN OLD;SYN B\n"
        "VESSEL,SYN MOON,IMO9074729,mare.detained,pa,pa,,os-2,u,tokyo_mou,\n"
        "ORGANIZATION,SYN CO,IMO1234567,sanction,kp,,,os-3,u,us_ofac_sdn,\n"
    )
    star, moon, company = read_list(written(tmp_path, "maritime.csv", text)).entries
    assert (star.imo, star.mmsis, star.aliases) == (9187629, (352000001, 412345678), ("SYN OLD", "SYN B"))
    assert (star.is_sanction, moon.is_sanction) == (True, False)
    assert (company.kind, company.imo) == ("organisation", None)


@pytest.mark.parametrize("extra", ["", ",program_ids"])
def test_opensanctions_simple_is_read_whether_or_not_its_header_has_grown(tmp_path: Path, extra: str) -> None:
    header = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,"
    header += f"first_seen,last_seen,last_change{extra}\n"
    value = ",US-DPRK" if extra else ""
    row = f"v1,Vessel,SYN STAR,SYN OLD,,pa,,IMO9187629;352000001;3FAB2,DPRK4,,,us,2020-01-01,2024-05-06,2024-01-01{value}\n"
    person = "p1,Person,Someone,,,kp,,,DPRK,,,us,2020-01-01,2024-05-07,2024-01-01" + ("," if extra else "") + "\n"
    found = read_list(written(tmp_path, "targets.simple.csv", header + row + person))
    (entry,) = found.entries
    assert (entry.imo, entry.mmsis, entry.callsigns) == (9187629, (352000001,), ("3FAB2",))
    assert entry.is_sanction
    assert entry.listed_on is None
    assert found.edition == date(2024, 5, 7)


def test_ftm_vessels_take_listing_date_and_owner_from_their_sanctions_and_ownerships(tmp_path: Path) -> None:
    entities = [
        {"id": "v", "schema": "Vessel", "properties": {"name": ["SYN STAR", "SYN OLD"], "imoNumber": ["IMO9187629"]}},
        {
            "id": "s",
            "schema": "Sanction",
            "properties": {"entity": ["v"], "listingDate": ["2018-03-30"], "programId": ["UN"]},
        },
        {"id": "c", "schema": "Company", "properties": {"name": ["SYN CO"], "imoNumber": ["9187629"]}},
        {"id": "o", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["v"], "startDate": ["2017-01-02"]}},
    ]
    text = "".join(json.dumps(entity) + "\n" for entity in entities)
    entry, company = read_list(written(tmp_path, "entities.ftm.json", text)).entries
    assert (company.kind, company.name) == ("organisation", "SYN CO")
    assert (entry.listed_on, entry.programmes, entry.owners) == (date(2018, 3, 30), ("UN",), ("SYN CO",))
    assert (entry.owned_since, entry.is_sanction) == (date(2017, 1, 2), True)
    with pytest.raises(CorruptInputError, match="line 4"):
        read_list(written(tmp_path, "cut.ftm.json", text[:-30]))


def test_un_rows_with_numbered_values_and_marked_measures(tmp_path: Path) -> None:
    text = (
        "#,vessel_name,imo_number,mmsi,flag,call_sign,type,designated_owner,date_of_designation,asset_freeze,port_ban,"
        "other_information,image_url\n"
        "1,SYN STAR,9187629,,Panama,,oil tanker,1: SYN CO 2: SYN LTD,30 Mar. 2018,x,,,\n"
    )
    (entry,) = read_list(written(tmp_path, "un.csv", text)).entries
    assert entry.owners == ("SYN CO", "SYN LTD")
    assert (entry.listed_on, entry.programmes) == (date(2018, 3, 30), ("UN 1718", "asset_freeze"))


def registry(folder: Path) -> WatchList:
    text = "IMO;Name;Flag history;Type;DWT;Built;Owner\n"
    text += "9187629;SYN STAR;PAN 2015-01-01 - 2019-05-01, TGO (false) 2019-05-02;Oil tanker;3,400;1999;SYN CO\n"
    return read_list(written(folder, "registry.csv", text), role=REGISTRY)


def test_a_registry_gives_the_flag_of_the_day(tmp_path: Path) -> None:
    (entry,) = registry(tmp_path).entries
    flags = [entry.flag_on(day) for day in (date(2014, 1, 1), date(2016, 1, 1), date(2020, 1, 1))]
    assert [(flag.state, flag.is_false) if flag else None for flag in flags] == [None, ("PAN", False), ("TGO", True)]
    assert (entry.dwt_t, entry.built, entry.owners) == (3400.0, 1999, ("SYN CO",))


def test_rows_of_one_ship_make_its_flag_history(tmp_path: Path) -> None:
    text = "imo,name,flag,flag_from,flag_to\n9187629,SYN A,PAN,2015-01-01,2019-05-01\n9187629,SYN B,TGO,2019-05-02,\n"
    (entry,) = read_list(written(tmp_path, "r.csv", text), role=REGISTRY).entries
    assert entry.aliases == ("SYN B",)
    assert [spell.state for spell in entry.flags] == ["PAN", "TGO"]


@pytest.mark.parametrize("cut", [4, 12, 24])
def test_a_table_that_breaks_off_in_its_last_row_is_refused(tmp_path: Path, cut: int) -> None:
    text = 'id,name,imo,remarks\n1,SYN A,9187629,"said, so"\n2,SYN B,9074729,"of it, too"\n'
    with pytest.raises(CorruptInputError, match="breaks off in row 2"):
        read_list(written(tmp_path, "x.csv", text[:-cut]))
    assert len(read_list(written(tmp_path, "whole.csv", text[:-1])).entries) == 2


def test_a_short_list_of_a_known_format_is_told_to_be_an_extract(tmp_path: Path) -> None:
    header = "#,vessel_name,imo_number,flag,date_of_designation\n"
    found = read_list(written(tmp_path, "un.csv", header + "1,SYN STAR,9187629,Panama,30 Mar. 2018\n"))
    assert any("a whole list has 50 or more" in warning for warning in found.warnings)


def test_companions_of_the_ofac_list_give_names_and_addresses_of_what_ships_are_linked_to(tmp_path: Path) -> None:
    ship = SDN_ROW.format(
        id=1, name="SYN", remarks="Vessel Registration Identification IMO 9187629; Linked To: SYN CO."
    )
    other = '2,"SYN CO",-0- ,DPRK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n3,"SYN ELSE",-0- ,DPRK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'
    path = written(tmp_path, "sdn.csv", ship + other)
    written(tmp_path, "add.csv", '2,11,"1 Road","Synport","North Korea",-0- \n')
    written(tmp_path, "alt.csv", '2,7,"aka","SYN COMPANY","-0-"\n')
    vessel, company = read_list(path).entries
    assert vessel.ties == (Tie("linked", "SYN CO"),)
    assert (company.kind, company.name, company.aliases) == ("organisation", "SYN CO", ("SYN COMPANY",))
    assert company.ties == (Tie("address", "1 Road, Synport, North Korea"),)


def test_hostile_names_lose_what_cannot_be_seen_and_nothing_else(tmp_path: Path) -> None:
    text = 'name,imo\n"\u202eSYN\x07 <script>alert(1)</script>",9187629\n"=cmd()",9074729\n'
    first, second = read_list(written(tmp_path, "x.csv", text)).entries
    assert first.name == "SYN <script>alert(1)</script>"
    assert second.name == "=cmd()"


def test_json_without_bottom_is_refused_not_a_crash(tmp_path: Path) -> None:
    deep = '{"id":"v","schema":"Vessel","properties":' + '{"a":[' * 50_000 + "]}" * 50_000 + "}\n"
    with pytest.raises(UnknownFormatError):
        read_list(written(tmp_path, "deep.ftm.json", deep))


def test_a_list_in_another_encoding_is_read_and_told_to_be_garbled(tmp_path: Path) -> None:
    found = read_list(written(tmp_path, "x.csv", "name,imo\n闽宁德油078,9187629\n", encoding="gbk"))
    assert found.entries[0].imo == 9187629
    assert any("save the file as UTF-8" in warning for warning in found.warnings)


def test_a_flag_in_parentheses_stands_in_a_history(tmp_path: Path) -> None:
    found = read_list(
        written(tmp_path, "x.csv", "name,flag_history\nSYN A,Korea (North) 2015-01-01; TGO (false) 2016-01-01\n")
    )
    assert [(spell.state, spell.is_false) for spell in found.entries[0].flags] == [("PRK", False), ("TGO", True)]


def test_a_repeated_id_is_told_and_no_ship_is_lost_by_it(tmp_path: Path) -> None:
    found = read_list(written(tmp_path, "x.csv", "id,name\n7,SYN A\n7,SYN B\n7,SYN A\n7,SYN C\n"))
    assert [(entry.entry_id, entry.name) for entry in found.entries] == [
        ("7", "SYN A"),
        ("7#2", "SYN B"),
        ("7#3", "SYN C"),
    ]
    assert any("occur more than once, first 7" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("cell", "length_m"),
    [
        ("86,5", 86.5),
        ("86.5", 86.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234", 1234.0),
        ("1 234", 1234.0),
        ("1.2E+02", 120.0),
        ("282 ft", 85.95),
        ("104 m", 104.0),
        ("104 17", 104.0),
        ("about 100", None),
        ("-5", None),
        ("1e400", None),
    ],
)
def test_a_number_is_read_as_people_write_it(tmp_path: Path, cell: str, length_m: float | None) -> None:
    found = read_list(written(tmp_path, "x.csv", f"name;length\nSYN A;{cell}\n"))
    assert found.entries[0].length_m == length_m


def test_dates_month_first_are_known_by_those_that_can_be_nothing_else(tmp_path: Path) -> None:
    found = read_list(written(tmp_path, "x.csv", "name,listed\nSYN A,03/30/2018\nSYN B,3/4/2018\n"))
    assert [entry.listed_on for entry in found.entries] == [date(2018, 3, 30), date(2018, 3, 4)]
    assert any("month first" in warning for warning in found.warnings)
    doubtful = read_list(written(tmp_path, "y.csv", "name,listed\nSYN B,03/04/2018\n"))
    assert doubtful.entries[0].listed_on == date(2018, 4, 3)
    assert any("day first" in warning for warning in doubtful.warnings)


def test_a_date_of_listing_that_nobody_can_read_leaves_the_ship_listed(tmp_path: Path) -> None:
    found = read_list(written(tmp_path, "x.csv", "name,listed\nSYN A,43189\n"))
    assert (found.entries[0].listed_on, found.entries[0].is_sanction) == (None, True)
    assert any("not understood, first 43189" in warning for warning in found.warnings)


def test_a_cell_of_a_million_characters_and_empty_lines_above_the_header_are_borne(tmp_path: Path) -> None:
    found = read_list(written(tmp_path, "x.csv", f"\n\nname,imo,remarks\nSYN A,9187629,{'x' * 1_000_000}\n"))
    assert found.entries[0].imo == 9187629


def test_an_unknown_layout_is_refused_with_the_formats_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"OpenSanctions maritime\.csv"):
        read_list(written(tmp_path, "x.csv", "colour,weight\nred,5\n"))
    with pytest.raises(EmptyInputError):
        read_list(written(tmp_path, "empty.csv", " \n"))
