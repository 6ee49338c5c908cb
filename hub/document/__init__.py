"""One JSON document model, and from it HWPX, PDF, HTML and plain text.

`model` says what a document is, `flow` turns it into what is drawn in order (marks, end mark,
table grid), and `hwpx`, `pdf`, `web_page` and `plain` draw that. `forms` holds what offices fill
in. Pure: bytes come out, nothing is stored, nothing is asked of a network.
"""
