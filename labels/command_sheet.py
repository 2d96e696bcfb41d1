"""The command sheet: every word a terminal understands, in both languages, each as a QR code to hang at the bench.

A word authorises nothing; who may do what is decided behind the door. For single commands: `layouts/command.toml`.
"""

from dataclasses import dataclass

from labels import typeface
from labels.label import Area, Box, Element, Label, Qr, Text
from labels.payloads import written
from labels.rendering import Rendered, render_pages
from labels.symbols import qr_rows
from mes.codes import CommandCode

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
_MARGIN, _TOP, _ROW_MM, _COLUMNS = 10.0, 24.0, 32.8, 2
_MODULE, _QUIET = 0.75, 3.0


@dataclass(frozen=True)
class Command:
    """A word, what it does and when to scan it, in both languages."""

    word: str
    zh: str
    en: str
    use_zh: str
    use_en: str


COMMANDS = (
    Command("FINISH", "完工", "Finish", "报完数量后", "after the quantities"),
    Command("BAD", "不良", "Bad", "先扫原因，再扫数量", "then the reason, then how many"),
    Command("RESCUE", "隔离", "Rescue", "把可疑品移到隔离区", "move doubtful goods to hold"),
    Command("NOTFOUND", "找不到", "Not found", "库位上没有该箱时", "the box is not at its place"),
    Command("SPLIT", "拆箱", "Split", "从一箱分出数量", "part of a box into a new one"),
    Command("DONE", "结束", "Done", "结束当前方式", "ends the mode"),
    Command("SHIP", "发货", "Ship", "订单装齐后", "when the order is complete"),
    Command("UNPICK", "退拣", "Unpick", "取回下一箱", "take the next carton back"),
    Command("PALLET", "装托盘", "Pallet", "逐箱扫描，扫「结束」封托", "scan its cartons, then Done"),
    Command("OFFPALLET", "下托盘", "Off pallet", "取下下一箱", "take the next carton off"),
    Command("PRINT", "打印标签", "Print", "货物旁打印等待的标签", "waiting labels of these goods"),
    Command("REPRINT", "补打", "Reprint", "标签损坏，须说明原因", "spoiled label; needs a reason"),
    Command("CAMEOUT", "已打出", "Came out", "不明任务：标签在手", "unknown job: the label is here"),
    Command("NOTOUT", "没打出", "Not out", "不明任务：没有标签", "unknown job: no label came"),
    Command("RETRY", "重试", "Retry", "打印机或标签故障排除后再打", "printer or label, after mending"),
    Command("BIND", "绑颜色卡", "Bind card", "先扫货物，再扫色卡", "goods, then the colour card"),
)


def command_sheet(commands: tuple[Command, ...] = COMMANDS) -> Rendered:
    """The sheet as A4 PDF, proved. Raises LabelError."""
    return render_pages(command_sheet_pages(commands), title="Command sheet")


def command_sheet_pages(commands: tuple[Command, ...] = COMMANDS) -> tuple[Label, ...]:
    """The pages, in order. Raises TextDoesNotFit, MissingGlyph, BadPayload."""
    each = _COLUMNS * int((HEIGHT_MM - _MARGIN - _TOP) // _ROW_MM)
    parts = [commands[start : start + each] for start in range(0, len(commands), each)]
    return tuple(_page(part) for part in parts)


def _page(commands: tuple[Command, ...]) -> Label:
    elements: list[Element] = [
        Text(_MARGIN, 14.6, 7.0, "指令卡", bold=True),
        Text(_MARGIN + 24.0, 14.6, 4.2, "COMMAND SHEET", bold=True),
        Box(Area(_MARGIN, 17.0, WIDTH_MM - 2 * _MARGIN, 0.5)),
    ]
    pitch = (WIDTH_MM - 2 * _MARGIN) / _COLUMNS
    for index, command in enumerate(commands):
        cell = Area(_MARGIN + pitch * (index % _COLUMNS), _TOP + _ROW_MM * (index // _COLUMNS), pitch, _ROW_MM)
        elements += _cell(command, cell)
    return Label(WIDTH_MM, HEIGHT_MM, "white", tuple(elements))


def _cell(command: Command, cell: Area) -> list[Element]:
    payload = written(CommandCode(command.word))
    side = len(qr_rows(payload)) * _MODULE
    text_x = cell.x_mm + _QUIET + side + 2 * _QUIET
    room = cell.right_mm - text_x - 2.0
    sized = (
        (command.zh, 7.5, 8.0, True),
        (command.en, 4.4, 13.5, True),
        (command.use_zh, 3.2, 18.6, False),
        (command.use_en, 3.0, 22.6, False),
    )
    texts: list[Element] = []
    for text, size, down, bold in sized:
        _, fitted = typeface.fit(text, room, size, 2.0)
        texts.append(Text(text_x, cell.y_mm + down, fitted, text, bold=bold))
    return [Qr(cell.x_mm + _QUIET, cell.y_mm + _QUIET, _MODULE, payload), *texts]
