"""Who may look at what is no table: traces, papers, layouts, screens. Tables say so where they are declared.

A station's token reads its own station and, by its role, single lots or run cards that are scanned there; no list, no
trace, nothing of a customer (P17).
"""

from __future__ import annotations

from mes.queries.looking import sight
from mes.roles import FLOOR, Role
from mes.words import Words

QUALITY = {Role.INSPECTOR, Role.QUALITY_MANAGER}
OFFICE = {Role.PLANNER, Role.PLAN_APPROVER, Role.SERVICE}

TRACE = sight(
    "trace", Words("追溯与召回", "Trace and recall"), QUALITY | OFFICE | {Role.SUPERVISOR, Role.SHIPPER, Role.ADMIN}
)
LOT = sight(
    "lot",
    Words("单个批次", "One lot"),
    QUALITY | OFFICE | {Role.SUPERVISOR, Role.STOREKEEPER, Role.SHIPPER, Role.ADMIN},
    stations={"store", "inspection"},
)
RUN_CARD = sight(
    "run_card",
    Words("单张流转单", "One run card"),
    QUALITY | {Role.SUPERVISOR, Role.STOREKEEPER, Role.PLANNER, Role.PLAN_APPROVER, Role.ADMIN},
    stations={"line", "packing", "inspection"},
)
RUN_CARD_FORM = sight("run_card_form", Words("流转单打印件", "Run card, printed"), FLOOR | {Role.PLAN_APPROVER})
CERTIFICATE = sight(
    "certificate",
    Words("合格证", "Certificate of conformity"),
    QUALITY | {Role.SUPERVISOR, Role.SHIPPER, Role.SERVICE, Role.ADMIN},
)
PACKING_LIST = sight(
    "packing_list",
    Words("装箱单", "Packing list"),
    {Role.SHIPPER, Role.PLANNER, Role.SERVICE, Role.QUALITY_MANAGER, Role.ADMIN},
)
MATERIAL_CARD = sight(
    "material_card",
    Words("材料卡", "Material card"),
    QUALITY | {Role.SUPERVISOR, Role.STOREKEEPER, Role.PLANNER, Role.ADMIN},
)
PRINT_QUEUE = sight("print_queue", Words("打印队列", "Print queue"), FLOOR)
LAYOUTS = sight(
    "layouts",
    Words("标签版式", "Label layouts"),
    QUALITY | {Role.SUPERVISOR, Role.STOREKEEPER, Role.PLANNER, Role.ADMIN},
)
SHEETS = sight(
    "sheets", Words("条码表", "Sheets of codes"), {Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.STOREKEEPER, Role.ADMIN}
)
SCREEN = sight("screen", Words("工位屏幕", "Screens of stations"), FLOOR | {Role.PLAN_APPROVER})
RIGHTS = sight("rights", Words("操作权限", "Who may do what"), {Role.QUALITY_MANAGER, Role.ADMIN})
DEEDS = sight("deeds", Words("办理", "Forms of what one may do"), set(Role) - {Role.SYSTEM})
LOOKING = sight("looking", Words("查看权限", "Who may look"), set(Role) - {Role.SYSTEM})
