"""What the plant's masters are called, by the word of the record: roles of stations, zones, kinds of item."""

from __future__ import annotations

from mes.words import Words

STATION_ROLES = {
    "store": Words("仓库", "store"),
    "line": Words("生产线", "line"),
    "inspection": Words("检验", "inspection"),
    "packing": Words("包装", "packing"),
    "dock": Words("发货", "dock"),
    "office": Words("办公室", "office"),
}
ZONES = {
    "receiving": Words("收货区", "receiving"),
    "store": Words("原材料库", "store"),
    "line": Words("线边", "line side"),
    "hold": Words("隔离区", "hold area"),
    "nonconforming": Words("不合格品区", "nonconforming"),
    "scrap": Words("废品区", "scrap"),
    "finished": Words("成品库", "finished goods"),
    "dock": Words("发货区", "dock"),
    "outside": Words("厂外", "outside"),
}
PLACE_HOLDS = {
    "any": Words("不限", "anything"),
    "pass": Words("合格", "accepted"),
    "pending": Words("待检", "pending"),
    "nonconforming": Words("不合格", "nonconforming"),
    "scrap": Words("报废", "scrap"),
}
TRACKING = {"lot": Words("按批次", "by lot"), "serial": Words("按序列号", "by serial number")}
LANGUAGES = {"zh": Words("中文", "Chinese"), "en": Words("英文", "English")}
ORIGINS = {
    "opening": Words("期初", "opening stock"),
    "received": Words("来料", "received"),
    "made": Words("自制", "made here"),
}
