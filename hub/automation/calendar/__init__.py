"""The calendar of duties (업무 달력): what the law and the office want done by which day."""
