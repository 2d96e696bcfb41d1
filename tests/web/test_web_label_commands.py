"""`runcard label`: what it says about layouts is proved, and what is wrong is one sentence in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select

from labels.layout import names, text_of
from mes.labelling.at_hand import printers_at
from mes.labelling.own_labels import KINDS
from mes.masters.model import Station
from mes.refusals import Refused
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from tests.printers import add_printer
from web.cli import runcard


def run(*words: str) -> Result:
    return CliRunner().invoke(runcard, ["label", *words], env={"COLUMNS": "400"})


def test_the_list_names_every_layout_with_its_stock() -> None:
    listed = run("list")
    assert listed.exit_code == 0
    assert all(name in listed.output for name in names())
    assert "100×70" in listed.output


def test_show_says_what_each_fact_means_in_both_languages() -> None:
    shown = run("show", "scrap").output
    assert "批次号 batch number or lot" in shown
    assert "red stock" in shown


def test_text_is_the_packaged_file_to_start_from_and_it_checks_as_sound(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(run("text", "carton").output, "utf-8")
    assert file.read_text("utf-8") == text_of("carton")
    checked = run("check", str(file))
    assert checked.exit_code == 0, checked.output
    assert "800×1200 dots at 203 dpi" in checked.output
    assert "ours.toml: sound." in checked.output.replace("\n", "")


def test_check_names_what_would_not_scan_and_where(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(text_of("carton_gs1").replace("bar_mm = 32", "bar_mm = 20"), "utf-8")
    refused = run("check", str(file))
    assert refused.exit_code == 1
    assert "100 mm and 203 dpi" in refused.output
    assert "lower than 31.75 mm" in refused.output
    assert "条高不足" in refused.output


@pytest.mark.parametrize("text", ["stock =", 'title_zh = "x"', "\x00"])
def test_check_says_in_one_sentence_why_a_file_is_no_layout(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(text, "utf-8")
    refused = run("check", str(file))
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: The label layout broken is not usable")


def test_a_preview_shows_ones_own_facts_and_scans(tmp_path: Path) -> None:
    out = tmp_path / "label.png"
    done = run("preview", "location", "--out", str(out), "--set", "location=ST-B17", "--width", "80")
    assert done.exit_code == 0, done.output
    with Image.open(out) as picture:
        assert {barcode.text for barcode in zxingcpp.read_barcodes(picture.convert("L"))} == {"LST-B17"}


@pytest.mark.parametrize(
    ("language", "begins"), [("zpl", b"^XA"), ("escpos", b"\x1b@"), ("tspl", b"SIZE"), ("pdf", b"%PDF")]
)
def test_a_preview_in_a_printers_language_is_what_the_printer_gets(
    tmp_path: Path, language: str, begins: bytes
) -> None:
    out = tmp_path / "label.bin"
    assert run("preview", "scrap", "--out", str(out), "--language", language, "--width", "80").exit_code == 0
    assert out.read_bytes().startswith(begins)


def test_a_preview_of_ones_own_file_may_be_a_copy(tmp_path: Path) -> None:
    file, plain, copy = tmp_path / "ours.toml", tmp_path / "1.png", tmp_path / "2.png"
    file.write_text(text_of("badge"), "utf-8")
    assert run("preview", str(file), "--out", str(plain)).exit_code == 0
    assert run("preview", str(file), "--out", str(copy), "--copy").exit_code == 0
    assert plain.read_bytes() != copy.read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("preview", "purple", "--out", "x.png"), 1, "no label layout called purple"),
        (("preview", "scrap", "--out", "x.png", "--set", "qantity=1"), 1, "no place for qantity"),
        (("preview", "scrap", "--out", "x.png", "--set", "serial"), 2, "say FACT=VALUE"),
        (("preview", "gone.toml", "--out", "x.png"), 2, "no file gone.toml"),
        (("preview", "carton_gs1", "--out", "x.png", "--width", "80"), 1, "at least 100 mm"),
        (("text", "purple"), 1, "no label layout called purple"),
        (("show", "purple"), 1, "no label layout called purple"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], status: int, sentence: str) -> None:
    refused = run(*words)
    assert (refused.exit_code, sentence in refused.output) == (status, True), refused.output


def test_the_command_sheet_is_a_pdf(tmp_path: Path) -> None:
    out = tmp_path / "commands.pdf"
    assert run("commands", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_a_wrong_gs1_prefix_is_refused_before_anything_is_founded(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/x.db"
    refused = CliRunner().invoke(runcard, ["init", "--gs1-prefix", "12ab"], env={"RUNCARD_DATABASE_URL": address})
    assert refused.exit_code == 2
    assert "company prefix" in refused.output
    assert not (tmp_path / "x.db").exists()


def test_a_layout_is_saved_by_who_may_and_only_if_it_scans_and_a_batch_has_its_account(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    plant.accept("quality:hold", person="3002", station="QC-1", lot="R260807-02", reason="锈斑")
    plant.close()

    def ask(*words: str) -> Result:
        here = ["--database", plant.database.url, "--now", "2026-12-01T08:00+08:00"]
        return CliRunner().invoke(runcard, [*here, "label", *words], env={"COLUMNS": "200"})

    file = tmp_path / "accepted.toml"
    file.write_text(text_of("accepted").replace("合格标签", "本厂合格证"), "utf-8")
    assert "revision 1 prints" in ask("save", str(file), "--as", "3001").output
    assert isinstance(ask("save", str(file), "--as", "2001").exception, Refused)
    file.write_text("no = toml = at all", "utf-8")
    assert isinstance(ask("save", str(file), "--as", "3001").exception, Refused)
    counted = ask("account", "R260807-02").output
    assert "Every piece is accounted for." in counted


def test_verify_after_print_is_switched_by_who_may_and_the_list_of_stations_shows_it(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    plant.close()

    def ask(*words: str) -> Result:
        here = ["--database", plant.database.url, "--now", "2026-12-01T08:00+08:00"]
        return CliRunner().invoke(runcard, [*here, "stations", *words], env={"COLUMNS": "200"})

    def scans_back() -> list[str]:
        return [line.split()[1] for line in ask("list").output.splitlines() if "yes" in line.split()]

    assert scans_back() == []
    assert isinstance(ask("verify", "QC-1", "--on", "--as", "2001").exception, Refused)
    assert "count once they are scanned back" in ask("verify", "QC-1", "--on", "--as", "3001").output
    assert scans_back() == ["QC-1"]
    assert "count at once" in ask("verify", "QC-1", "--off", "--as", "3001").output
    assert scans_back() == []


def test_labels_of_every_kind_are_printed_all_or_chosen_on_paper_or_at_a_station(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    add_printer(plant, "PR-W", stock="white")
    plant.close()

    def ask(*words: str) -> Result:
        here = ["--database", plant.database.url, "--now", "2026-12-01T08:00+08:00"]
        return CliRunner().invoke(runcard, [*here, "label", "print", *words], env={"COLUMNS": "200"})

    def done(*words: str) -> str:
        result = ask(*words)
        assert result.exit_code == 0, result.output
        return result.output

    sheet = tmp_path / "sheet.pdf"
    for kind in KINDS:
        done(kind, "--out", str(sheet))
        assert sheet.read_bytes().startswith(b"%PDF")
    at = ("--at", "RAW-1", "--as", "4001")
    assert "2 codes written" in done("people", "2001", "3002", "--out", str(sheet))
    assert "1 labels wait" in done("people", "2001", *at)
    for kind in ("commands", "quantities", "reasons", "rolls", "printers"):
        assert "labels wait for the printer of RAW-1" in done(kind, *at)
    assert "labels wait" in done("places", "--group", "scrap", *at)
    assert "1 labels wait" in done("boxes", "R260911-01", *at)
    for words in (
        ("people", "9999", *at),
        ("people",),
        ("boxes", *at),
        ("boxes", "R260911-01", "--out", str(sheet)),
        ("places", "--group", "moon", *at),
    ):
        assert ask(*words).exit_code == 2, words


def test_a_printer_is_added_with_the_size_of_its_labels_or_told_what_it_waits_for(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    plant.close()

    def add(code: str, *words: str) -> str:
        here = ["--database", plant.database.url, "--now", "2026-12-01T08:00+08:00", "stations", "printer", code]
        given = ["--station", "RAW-1", "--language", "zpl", "--width-mm", "104", "--stock", "blue", "--as", "5002"]
        return CliRunner().invoke(runcard, [*here, *given, *words], env={"COLUMNS": "200"}).output

    assert "size of its labels is known" not in add("PR-1", "--label-mm", "100", "70")
    assert "size of its labels is known" in add("PR-2")
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == "RAW-1")).one()
        doubts = {one.printer.code: one.doubt for one in printers_at(session, station, plant.now)}
    assert doubts == {"PR-1": None, "PR-2": "size_unknown"}
