"""OFAC's advanced XML: numbers are read by what the reference sets call them; the sample is made up."""

import gzip
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from tracker.errors import CorruptInputError, UnknownFormatError
from tracker.tables.listing import Tie
from tracker.watchlists.ofac_xml import _elements
from tracker.watchlists.read import read_list

UN = "http://www.un.org/sanctions/1.0"
OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"
"""The two namespaces in which OFAC has published the list."""


def sample(*, issued: str = "<Year>2024</Year><Month>5</Month><Day>6</Day>", shift: int = 0, space: str = UN) -> str:
    """A made-up list, with the attributes and empty comments of the real one; `shift` moves every number of the
    reference sets, as OFAC may do."""
    s = shift
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{space}">
 <DateOfIssue CalendarTypeID="1">{issued}</DateOfIssue>
 <ReferenceValueSets>
  <CountryValues><Country ID="{s + 11}" ISO2="KP">North Korea</Country></CountryValues>
  <DetailReferenceValues><DetailReference ID="{s + 21}">Crude Oil Tanker</DetailReference></DetailReferenceValues>
  <FeatureTypeValues>
   <FeatureType ID="{s + 1}">Vessel Call Sign</FeatureType><FeatureType ID="{s + 2}">VESSEL TYPE</FeatureType>
   <FeatureType ID="{s + 3}">Vessel Flag</FeatureType><FeatureType ID="{s + 4}">Vessel Tonnage</FeatureType>
   <FeatureType ID="{s + 5}">Former Vessel Flag</FeatureType><FeatureType ID="{s + 6}">Vessel Year of Build</FeatureType>
   <FeatureType ID="{s + 7}">Location</FeatureType>
  </FeatureTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="{s + 31}">Vessel Registration Identification</IDRegDocType>
   <IDRegDocType ID="{s + 32}">Maritime Mobile Service Identity (MMSI)</IDRegDocType></IDRegDocTypeValues>
  <PartySubTypeValues><PartySubType ID="{s + 41}">Vessel</PartySubType><PartySubType ID="{s + 42}">Unknown</PartySubType>
   <PartySubType ID="{s + 43}">Individual</PartySubType></PartySubTypeValues>
  <RelationTypeValues><RelationType ID="{s + 51}">Owned or Controlled By</RelationType></RelationTypeValues>
  <SanctionsTypeValues><SanctionsType ID="{s + 61}">Program</SanctionsType><SanctionsType ID="{s + 62}">Block</SanctionsType>
  </SanctionsTypeValues>
 </ReferenceValueSets>
 <Locations><Location ID="900"><LocationCountry CountryID="{s + 11}"/></Location></Locations>
 <IDRegDocuments>
  <IDRegDocument ID="1" IDRegDocTypeID="{s + 31}" IdentityID="701" IssuedBy-CountryID="{s + 11}" ValidityID="1">
   <Comment /><IDRegistrationNo>IMO 9187629</IDRegistrationNo><IssuingAuthority /></IDRegDocument>
  <IDRegDocument ID="2" IDRegDocTypeID="{s + 32}" IdentityID="701"><IDRegistrationNo>352000001</IDRegistrationNo></IDRegDocument>
 </IDRegDocuments>
 <DistinctParties>
  <DistinctParty FixedRef="7001"><Profile ID="7001" PartySubTypeID="{s + 41}">
   <Identity ID="701" Primary="true">
    <Alias Primary="false"><DocumentedName><DocumentedNamePart><NamePartValue>SYN OLD</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
    <Alias Primary="true"><DocumentedName><DocumentedNamePart><NamePartValue>SYN STAR 8</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
   </Identity>
   <Feature ID="1" FeatureTypeID="{s + 1}"><FeatureVersion ID="1" ReliabilityID="1"><Comment />
    <VersionDetail DetailTypeID="1432">3FAB2</VersionDetail></FeatureVersion>
    <IdentityReference IdentityID="701" IdentityFeatureLinkTypeID="1" /></Feature>
   <Feature FeatureTypeID="{s + 2}"><FeatureVersion><VersionDetail DetailReferenceID="{s + 21}"/></FeatureVersion></Feature>
   <Feature FeatureTypeID="{s + 3}"><FeatureVersion><VersionLocation LocationID="900"/></FeatureVersion></Feature>
   <Feature FeatureTypeID="{s + 4}"><FeatureVersion><VersionDetail>3,500</VersionDetail></FeatureVersion></Feature>
   <Feature FeatureTypeID="{s + 5}"><FeatureVersion><VersionDetail>Panama</VersionDetail></FeatureVersion></Feature>
   <Feature FeatureTypeID="{s + 6}"><FeatureVersion><VersionDetail>1992</VersionDetail></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="7002"><Profile ID="7002" PartySubTypeID="{s + 42}"><Identity ID="702"><Alias Primary="true">
   <DocumentedName><DocumentedNamePart><NamePartValue>SYN CO LTD</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  </Identity></Profile></DistinctParty>
  <DistinctParty FixedRef="7003"><Profile ID="7003" PartySubTypeID="{s + 42}"><Identity ID="703"><Alias Primary="true">
   <DocumentedName><DocumentedNamePart><NamePartValue>SYN FORMER</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  </Identity></Profile></DistinctParty>
  <DistinctParty FixedRef="7005"><Profile ID="7005" PartySubTypeID="{s + 42}"><Identity ID="705"><Alias Primary="true">
   <DocumentedName><DocumentedNamePart><NamePartValue>SYN UNRELATED</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  </Identity></Profile></DistinctParty>
  <DistinctParty FixedRef="7004"><Profile ID="7004" PartySubTypeID="{s + 43}"><Identity ID="704"><Alias Primary="true">
   <DocumentedName><DocumentedNamePart><NamePartValue>SYN STAR 8</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
  </Identity></Profile></DistinctParty>
 </DistinctParties>
 <ProfileRelationships><ProfileRelationship ID="1" From-ProfileID="7001" To-ProfileID="7002" RelationTypeID="{s + 51}" Former="false"/>
  <ProfileRelationship ID="2" From-ProfileID="7001" To-ProfileID="7003" RelationTypeID="{s + 51}" Former="true"/></ProfileRelationships>
 <SanctionsEntries><SanctionsEntry ID="1" ProfileID="7001" ListID="1550">
  <EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="1"><Comment /><Date CalendarTypeID="1"><Year>2018</Year><Month>2</Month><Day>23</Day></Date></EntryEvent>
  <SanctionsMeasure SanctionsTypeID="{s + 61}"><Comment>DPRK4</Comment><DatePeriod CalendarTypeID="1" /></SanctionsMeasure>
  <SanctionsMeasure SanctionsTypeID="{s + 62}"><Comment>no programme</Comment></SanctionsMeasure>
 </SanctionsEntry></SanctionsEntries>
</Sanctions>
"""


def written(folder: Path, text: str, name: str = "sdn_advanced.xml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("shift", [0, 5000])
@pytest.mark.parametrize("space", [UN, OFAC, ""])
def test_a_ship_is_read_by_the_names_of_the_reference_sets(tmp_path: Path, shift: int, space: str) -> None:
    found = read_list(written(tmp_path, sample(shift=shift, space=space)))
    assert (found.format, found.edition) == ("ofac_advanced", date(2024, 5, 6))
    ship, owner, _ = found.entries
    assert (ship.entry_id, ship.name, ship.aliases) == ("7001", "SYN STAR 8", ("SYN OLD",))
    assert (ship.imo, ship.mmsis, ship.callsigns) == (9187629, (352000001,), ("3FAB2",))
    assert (ship.ship_type, ship.dwt_t, ship.built) == ("Crude Oil Tanker", 3500.0, 1992)
    assert [spell.state for spell in ship.flags] == ["PRK", "PAN"]
    assert ship.flag_on(date(2020, 1, 1)) is ship.flags[0]
    assert (ship.programmes, ship.listed_on, ship.is_sanction) == (("DPRK4",), date(2018, 2, 23), True)
    # a former tie is kept, and holds on no day
    former = Tie("owner", "SYN FORMER", until=date.min, entry_id="7003")
    assert ship.ties == (Tie("owner", "SYN CO LTD", entry_id="7002"), former)
    assert ship.owners == ("SYN CO LTD",)
    # neither a person of the same name nor a company that no ship is tied to
    assert (owner.kind, owner.name) == ("organisation", "SYN CO LTD")
    assert any("a whole list has more than 300" in warning for warning in found.warnings)


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sdn_advanced.xml.gz"
    path.write_bytes(gzip.compress(sample().encode()))
    assert read_list(path).vessels[0].imo == 9187629


@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, share: float) -> None:
    text = sample()
    with pytest.raises(CorruptInputError, match="breaks off or is damaged"):
        read_list(written(tmp_path, text[: int(len(text) * share)]))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "secret.txt">]>'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE], ids=["bomb", "external"])
@pytest.mark.parametrize("padding", [0, 3000], ids=["at the head", "behind a comment"])
def test_a_file_with_entities_of_its_own_is_refused(tmp_path: Path, declared: str, padding: int) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    text = f"<!--{'x' * padding}-->\n{declared}\n<Sanctions>&a;</Sanctions>"
    with pytest.raises(CorruptInputError, match="declares entities"):
        read_list(written(tmp_path, text))


def test_an_undeclared_entity_is_damage_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(CorruptInputError, match="breaks off or is damaged"):
        read_list(written(tmp_path, sample().replace("SYN OLD", "SYN &old;")))


def test_documents_that_follow_their_party_are_found(tmp_path: Path) -> None:
    text = sample()
    begin, end = text.index(" <IDRegDocuments>"), text.index("</IDRegDocuments>") + len("</IDRegDocuments>")
    moved = text[:begin] + text[end:].replace("</DistinctParties>", f"</DistinctParties>{text[begin:end]}")
    assert read_list(written(tmp_path, moved)).vessels[0].imo == 9187629


def test_elements_are_dropped_once_they_are_read() -> None:
    party = sample()[
        sample().index('  <DistinctParty FixedRef="7003">') : sample().index('  <DistinctParty FixedRef="7005">')
    ]
    text = sample().replace("<DistinctParties>", "<DistinctParties>" + party * 4000)
    tracemalloc.start()
    try:
        most = 0
        for _ in _elements(text):
            most = max(most, tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # the whole tree takes some 20 MB
    assert most < 3_000_000


def test_another_xml_is_a_list_of_no_known_format(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"sdn_advanced\.xml"):
        read_list(written(tmp_path, "<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>"))


def test_a_list_that_never_says_when_it_was_issued_has_no_edition(tmp_path: Path) -> None:
    assert read_list(written(tmp_path, sample(issued=""))).edition is None
