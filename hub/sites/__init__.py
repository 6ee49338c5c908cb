"""The site files of the demo office: one for each picture it may be shown with."""
