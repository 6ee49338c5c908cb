"""기안문: read what was typed, say what is wrong with it and why, mend it, and draw it.

`sheet` finds the parts of a text, the modules of rules look at one subject each (`dates`,
`clock_times`, `amounts`, `items`, `ending`, `heads`, `wording`, `signs`, `parts`), `lint` asks
them all, and `compose` turns a letter into a document. Pure: nothing is stored.
"""
