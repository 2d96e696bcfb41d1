"""Who plays in the demo: its stations with their printers, and the badge that does each kind of work."""

from __future__ import annotations

from dataclasses import dataclass

# The labels on the rolls of the demo's printers, by paper width: 100 mm die-cut labels, 80 mm on receipt printers.
LABELS = {100: (100, 70), 80: (80, 80)}
CARTON_LABELS = (100, 150)


@dataclass(frozen=True)
class PrinterPart:
    """A printer of the demo: code, language, paper width in mm, print width in dots, the stock loaded in it."""

    code: str
    language: str
    width_mm: int
    dots: int
    stock: str

    @property
    def label_mm(self) -> tuple[int, int] | None:
        """Width and height of one label on its roll; receipt paper has none."""
        if self.stock == "receipt":
            return None
        return CARTON_LABELS if self.code == "PR-PKG-WHITE" else LABELS[self.width_mm]


@dataclass(frozen=True)
class StationPart:
    """A station of the demo."""

    code: str
    name_zh: str
    name_en: str
    role: str
    location: str | None = None
    work_center: str | None = None
    scanner: bool = True
    printers: tuple[PrinterPart, ...] = ()


def _line(mark: str, zh: str, en: str, *printers: PrinterPart, role: str = "line") -> StationPart:
    return StationPart(f"{mark}-1", zh, en, role, f"LN-{mark}", f"WC-{mark}", printers=printers)


def _zpl(code: str, stock: str) -> PrinterPart:
    return PrinterPart(code, "zpl", 100, 832, stock)


STATIONS = (
    StationPart(
        "OFFICE",
        "生产部",
        "Production office",
        "office",
        scanner=False,
        printers=(PrinterPart("PR-OFFICE", "escpos", 80, 576, "receipt"),),
    ),
    StationPart("RAW-1", "原材料库", "Raw-material store", "store", printers=(_zpl("PR-RAW", "blue"),)),
    _line("WLD", "电阻焊", "Resistance welding"),
    _line("MAG", "电磁与脱扣器组装", "Magnet and trip-unit assembly"),
    _line("ASA", "总装A线", "Final assembly line A"),
    _line("ASB", "总装B线", "Final assembly line B"),
    _line("RIV", "铆合", "Riveting"),
    _line("CAL", "延时校验", "Thermal calibration"),
    _line("TST", "瞬时与耐压测试", "Trip and dielectric test"),
    _line("PAD", "移印", "Pad printing"),
    StationPart(
        "QC-1",
        "检验台",
        "Inspection kiosk",
        "inspection",
        printers=(
            _zpl("PR-QC-BLUE", "blue"),
            PrinterPart("PR-QC-YELLOW", "tspl", 100, 832, "yellow"),
            PrinterPart("PR-QC-RED", "escpos", 80, 576, "red"),
            PrinterPart("PR-QC-WHITE", "escpos", 80, 576, "white"),
        ),
    ),
    _line(
        "PKG",
        "包装",
        "Packing",
        _zpl("PR-PKG-BLUE", "blue"),
        PrinterPart("PR-PKG-WHITE", "tspl", 100, 832, "white"),
        role="packing",
    ),
    StationPart("FGS-1", "成品库", "Finished-goods store", "store", printers=(_zpl("PR-FGS", "blue"),)),
    StationPart("DOCK-1", "发货月台", "Shipping dock", "dock", "DCK-01"),
)

# Who works where: certificates and roles as in the plant's own files.
OPERATORS = {
    "RWLD": ("2002", "EQ-RW-01"),
    "CWLD": ("2002", "EQ-RW-01"),
    "BWCK": ("2010", None),
    "WIND": ("2010", "EQ-CW-01"),
    "MGAS": ("2010", None),
    "TUAS": ("2011", None),
    "TUCK": ("2011", None),
    "ASSY": ("2001", None),
    "RIVT": ("2006", "EQ-OR-01"),
    "TCAL": ("2008", "EQ-TC-01"),
    "ITRP": ("2009", "EQ-IT-01"),
    "DIEL": ("2009", "EQ-HV-01"),
    "PADP": ("2005", "EQ-PP-01"),
    "PACK": ("2003", "EQ-AP-01"),
}
STOREKEEPER, SHIPPER, PACKER = "4001", "4003", "2003"
PLANNER, PLAN_AUTHOR, PLAN_APPROVER = "1002", "1003", "1001"
INSPECTOR, OTHER_INSPECTOR, QUALITY_MANAGER = "3002", "3003", "3001"
ADMINISTRATOR = "5002"
