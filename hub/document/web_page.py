"""A document as one HTML page that needs nothing else: to preview, to print, to mail.

Every text is escaped, there is no script, and a policy in the page forbids any.
"""

from base64 import b64encode
from html import escape
from typing import Final

from hub.document import flow, model, qr
from hub.document.flow import Attached, Closing, Code, Grid, Head, Piece, Stamp, Stamps, Words

POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'"
STYLE: Final = """
body{margin:0;background:#e9ecef;color:#111;word-break:keep-all;overflow-wrap:anywhere;
font:11pt/1.6 "Noto Serif KR","함초롬바탕",Batang,serif}
main{box-sizing:border-box;max-width:100%;margin:1rem auto;background:#fff}
h1,h2,th,.label,.sender,.to,.office{font-family:"Noto Sans KR","함초롬돋움",sans-serif}
h1{text-align:center;font-size:22pt;margin:2mm 0 6mm}h2{font-size:12.5pt;margin:5mm 0 2mm}
p{margin:0;white-space:pre-wrap}
.marked{display:grid;grid-template-columns:max-content 1fr;column-gap:.5em}
.bold,.sender,.to,.office{font-weight:700}.office,.sender{text-align:center;font-size:18pt}
table{width:100%;border-collapse:collapse;table-layout:fixed;margin:3mm 0;font-size:10pt}
td,th{border:.3mm solid #333;padding:1.6mm 2mm;white-space:pre-wrap}th,.label{background:#f1f3f5}
thead{display:table-header-group}tr,.code,.closing{break-inside:avoid}
.stamps{width:auto;margin-left:auto}.stamps td{height:13mm;width:24mm;text-align:center}
.stamps th{width:24mm}.stamps .label{width:6mm}
.code{display:flex;gap:4mm;align-items:center;margin:6mm 0;flex-wrap:wrap}
.code>div{flex:1 1 60mm;font-size:9pt}.code img{image-rendering:pixelated}
.closing{text-align:center;font-size:11pt}.closing p{margin:3mm 0}
.closing .person{text-align:right}.closing .to{text-align:left;font-size:13pt}
.rule{border:0;border-top:.5mm solid #111;margin:2mm 0 4mm}
.left{text-align:left}.center{text-align:center}.right{text-align:right}
@media screen and (max-width:800px){main{margin:0;padding:5mm!important;overflow-x:auto}
table{table-layout:auto}td,th{padding:1mm;overflow-wrap:break-word}}
@media print{body{background:none}main{margin:0;width:auto!important;padding:0!important}}
"""


def drawn(document: model.Document) -> str:
    """Return the whole page."""
    page = document.page
    sides = (page.top_mm, page.right_mm, page.bottom_mm, page.left_mm)
    margins = " ".join(f"{mm:g}mm" for mm in sides)
    size = f"@page{{size:{page.width_mm:g}mm {page.height_mm:g}mm;margin:{margins}}}"
    body = "\n".join(_drawn(piece) for piece in flow.pieces(document))
    return (
        f'<!doctype html>\n<html lang="ko"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="description" content="{escape(document.summary)}">'
        f'<meta name="keywords" content="{escape(", ".join(document.keywords))}">'
        f"<title>{escape(document.title)}</title><style>{size}{STYLE}</style></head>\n"
        f'<body><main style="width:{page.width_mm:g}mm;padding:{margins}">\n{body}\n'
        f"</main></body></html>\n"
    )


def _drawn(piece: Piece) -> str:
    match piece:
        case Head():
            return _head(piece)
        case Words():
            return _words(piece)
        case Grid():
            return _grid(piece)
        case Code():
            return _code(piece)
        case Stamps():
            return _stamps(piece)
        case Closing():
            return _closing(piece)
        case Attached():
            return _attached(piece)


def _head(head: Head) -> str:
    return (_stamps(head.stamps) if head.stamps else "") + _title(head)


def _title(head: Head) -> str:
    if head.form == "letter":
        office = _line(head.office, "office") if head.office else ""
        fields = "".join(_line(f"{label}  {value}") for label, value in head.fields)
        return f'{office}{fields}{_line(f"제목  {head.title}", "bold")}<hr class="rule">'
    rows = "".join(
        f'<tr><th class="label" style="width:26mm" scope="row">{escape(label)}</th>'
        f"<td>{escape(value)}</td></tr>"
        for label, value in head.fields
    )
    return f"<h1>{escape(head.title)}</h1>" + (f"<table>{rows}</table>" if rows else "")


def _line(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _words(words: Words) -> str:
    text = escape("\n".join(words.lines))
    if words.role == "heading":
        return f"<h2>{text}</h2>"
    kind = f"{'sender' if words.role == 'sender' else words.align}{' bold' if words.bold else ''}"
    left = f' style="margin-left:{words.indent}em"' if words.indent else ""
    if not words.mark:
        return f'<p class="{kind}"{left}>{text}</p>'
    mark = escape(words.mark)
    return f'<div class="marked {kind}"{left}><p>{mark}</p><p>{text}</p></div>'


def _grid(grid: Grid) -> str:
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for box in grid.boxes:
        rows[box.row].append(_cell(box))
    lines = [f"<tr>{''.join(row)}</tr>" for row in rows]
    columns = "".join(f'<col style="width:{share:.4%}">' for share in grid.shares)
    head = f"<thead>{''.join(lines[: grid.head_rows])}</thead>" if grid.head_rows else ""
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    body = f"<tbody>{''.join(lines[grid.head_rows :])}</tbody>"
    return f"<table>{caption}<colgroup>{columns}</colgroup>{head}{body}</table>"


def _cell(box: flow.Box) -> str:
    name = "th" if box.is_head else "td"
    spans = "".join(
        f' {what}="{many}"' for what, many in (("colspan", box.columns), ("rowspan", box.rows))
        if many > 1
    )  # fmt: skip
    kind = f"{box.align}{' bold' if box.bold else ''}"
    return f'<{name} class="{kind}"{spans}>{escape(chr(10).join(box.lines))}</{name}>'


def _code(code: Code) -> str:
    picture = b64encode(qr.png(code.text)).decode()
    beside = _closing(code.beside) if code.beside else ""
    lines = "".join(_line(line) for line in code.lines)
    return (
        f'<div class="code"><img alt="QR" src="data:image/png;base64,{picture}" '
        f'style="width:{code.side_mm:g}mm;height:{code.side_mm:g}mm"><div>{beside}{lines}</div></div>'
    )


def _stamps(stamps: Stamps) -> str:
    return "".join(map(_stamp_row, stamps.rows))


def _stamp_row(stamps: tuple[Stamp, ...]) -> str:
    posts = "".join(f"<th>{escape(stamp.post)}</th>" for stamp in stamps)
    boxes = "".join(
        f"<td>{escape(chr(10).join(filter(None, (one.note, one.name, one.on))))}</td>"
        for one in stamps
    )
    label = '<th class="label" rowspan="2" scope="row">결\n재</th>'
    return f'<table class="stamps"><tr>{label}{posts}</tr><tr>{boxes}</tr></table>'


def _closing(closing: Closing) -> str:
    said = "".join(_line(line) for line in (closing.sentence, closing.on) if line)
    people = "".join(
        _line("   ".join(filter(None, (*person, "(서명)"))), "person") for person in closing.people
    )
    to = _line(closing.to, "to") if closing.to else ""
    return f'<div class="closing">{said}{people}{to}</div>'


def _attached(attached: Attached) -> str:
    names = "".join(
        f'<div class="marked"><p>{escape(number)}</p><p>{escape(name)}</p></div>'
        if number
        else _line(name)
        for number, name in attached.numbered
    )
    return f'<div class="marked" style="margin-top:6mm"><p>붙임 </p><div>{names}</div></div>'
