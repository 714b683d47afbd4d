"""nbgrader's gradebook as tables: how to connect to it, and how a unit's notebooks and cells are put into it.

nbgrader's own interface commits after each small step. Here all that belongs together is one transaction, so that a crash
leaves all of it or nothing, and the formgrader is kept waiting for milliseconds at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from nbgrader import api
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    cast,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)

from dlkit.grading.records.sheet import Cell, Notebook, Unit

ASSIGNMENT, NOTEBOOK, CELL, SOURCE_CELL = (
    table.__table__ for table in (api.Assignment, api.Notebook, api.BaseCell, api.SourceCell)
)
GRADED = {"GradeCell": api.GradeCell.__table__, "TaskCell": api.TaskCell.__table__}
KINDS = {**GRADED, "SolutionCell": api.SolutionCell.__table__}
SUBMISSION, SUBMITTED = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
GRADE, COMMENT, STUDENT, COURSE = (table.__table__ for table in (api.Grade, api.Comment, api.Student, api.Course))
# Which attempt of the journal a submission's marks come from; nbgrader passes over a table that it does not know.
ENTERED = Table(
    "dlkit_entered", MetaData(), Column("submission_id", String(32), primary_key=True), Column("attempt", String(64)),
    Column("late", Float()),
)  # fmt: skip
SOURCES = ("name", "cell_type", "locked", "source", "checksum")
WAIT = 60  # seconds for which others may keep the gradebook


def new_id() -> str:
    return uuid4().hex


def connect(url: str) -> Engine:
    """An engine whose transactions hold the right to write from their beginning, unless they say ``reading=True``."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": WAIT})

    @event.listens_for(engine, "connect")
    def by_hand(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def read_unit(connection: Connection, unit: str) -> dict[str, Notebook]:
    """The notebooks and cells of a unit, as a gradebook has them; empty if it does not know the unit."""
    run, found = connection.execute, {}
    of_unit = NOTEBOOK.join(ASSIGNMENT, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
    query = select(NOTEBOOK.c.id, NOTEBOOK.c.name, NOTEBOOK.c.kernelspec).select_from(of_unit)
    rows = run(query.where(ASSIGNMENT.c.name == unit))
    grade, task = GRADED["GradeCell"], GRADED["TaskCell"]
    cells = CELL.outerjoin(grade, grade.c.id == CELL.c.id).outerjoin(task, task.c.id == CELL.c.id)
    columns = (
        CELL.c.name, CELL.c.type, func.coalesce(grade.c.max_score, task.c.max_score),
        func.coalesce(cast(grade.c.cell_type, String), cast(task.c.cell_type, String)),
    )  # fmt: skip
    for key, name, kernelspec in sorted(map(tuple, rows), key=lambda row: row[1]):
        graded = run(select(*columns).select_from(cells).where(CELL.c.notebook_id == key)).all()
        sources = run(select(*(SOURCE_CELL.c[column] for column in SOURCES)).where(SOURCE_CELL.c.notebook_id == key)).all()
        found[name] = Notebook(
            name, kernelspec or "{}", tuple(sorted((Cell(*row) for row in graded), key=lambda cell: (cell.name, cell.kind))),
            tuple(sorted(map(tuple, sources))),
        )  # fmt: skip
    return found


def put_unit(connection: Connection, name: str, unit: Unit, course: str) -> list[str]:
    """Bring the notebooks and cells of a unit in a gradebook into step with `unit`; what stays the same keeps its marks.

    Returns the graded cells that are no longer in the unit; their marks are in the journal only.
    """
    return _Put(connection, name, unit, course).removed


class _Put:
    """One run of :func:`put_unit`."""

    def __init__(self, connection: Connection, name: str, unit: Unit, course: str) -> None:
        self.connection, self.removed = connection, []
        self.id = self._assignment(name, course)
        rows = connection.execute(select(NOTEBOOK.c.name, NOTEBOOK.c.id).where(NOTEBOOK.c.assignment_id == self.id))
        self.notebooks: dict[str, str] = dict(map(tuple, rows))
        for gone in self.notebooks.keys() - unit.keys():
            self._remove_notebook(gone)
        for notebook in unit.values():
            self._notebook(notebook)

    def _assignment(self, name: str, course: str) -> str:
        run = self.connection.execute
        if run(select(COURSE.c.id).where(COURSE.c.id == course)).first() is None:
            run(insert(COURSE).values(id=course))
        found = run(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == name)).scalar()
        if found is None:
            found = new_id()
            run(insert(ASSIGNMENT).values(id=found, name=name, course_id=course))
        return found

    def _remove_notebook(self, name: str) -> None:
        run, key = self.connection.execute, self.notebooks.pop(name)
        cells = run(select(CELL.c.id, CELL.c.name, CELL.c.type).where(CELL.c.notebook_id == key)).all()
        self._remove_cells(name, [tuple(cell) for cell in cells])
        run(delete(SUBMITTED).where(SUBMITTED.c.notebook_id == key))
        run(delete(SOURCE_CELL).where(SOURCE_CELL.c.notebook_id == key))
        run(delete(NOTEBOOK).where(NOTEBOOK.c.id == key))

    def _remove_cells(self, notebook: str, cells: Iterable[tuple[str, str, str]]) -> None:
        for key, name, kind in cells:
            for table in (GRADE, COMMENT):
                self.connection.execute(delete(table).where(table.c.cell_id == key))
            self.connection.execute(delete(KINDS[kind]).where(KINDS[kind].c.id == key))
            self.connection.execute(delete(CELL).where(CELL.c.id == key))
            if kind in GRADED:
                self.removed.append(f"{notebook}: {name}")

    def _notebook(self, notebook: Notebook) -> None:
        run, key = self.connection.execute, self.notebooks.get(notebook.name)
        if key is None:
            key = self.notebooks[notebook.name] = new_id()
            run(insert(NOTEBOOK).values(id=key, name=notebook.name, assignment_id=self.id, kernelspec=notebook.kernelspec))
            self._hand_in(key)
        else:
            run(update(NOTEBOOK).where(NOTEBOOK.c.id == key, NOTEBOOK.c.kernelspec != notebook.kernelspec)
                .values(kernelspec=notebook.kernelspec))  # fmt: skip
        rows = run(select(CELL.c.id, CELL.c.name, CELL.c.type).where(CELL.c.notebook_id == key)).all()
        there = {(name, kind): cell for cell, name, kind in rows}
        wanted = {(cell.name, cell.kind): cell for cell in notebook.cells}
        self._remove_cells(notebook.name, [(there.pop(gone), *gone) for gone in sorted(there.keys() - wanted.keys())])
        for cell in notebook.cells:
            has = there.get((cell.name, cell.kind))
            if has is None:
                self._add_cell(key, cell)
            elif cell.kind in GRADED:
                table = KINDS[cell.kind]
                changed = (table.c.max_score != cell.max_score) | (table.c.cell_type != cell.cell_type)
                run(update(table).where(table.c.id == has, changed)
                    .values(max_score=cell.max_score, cell_type=cell.cell_type))  # fmt: skip
        self._sources(key, notebook)

    def _hand_in(self, notebook: str) -> None:
        """A new notebook is part of what everyone handed in."""
        rows = self.connection.execute(select(SUBMISSION.c.id).where(SUBMISSION.c.assignment_id == self.id)).scalars().all()
        new = [{"id": new_id(), "notebook_id": notebook, "assignment_id": row, "flagged": False} for row in rows]
        if new:
            self.connection.execute(insert(SUBMITTED), new)

    def _add_cell(self, notebook: str, cell: Cell) -> None:
        run, key = self.connection.execute, new_id()
        run(insert(CELL).values(id=key, name=cell.name, notebook_id=notebook, type=cell.kind))
        graded = {"max_score": cell.max_score, "cell_type": cell.cell_type} if cell.kind in GRADED else {}
        run(insert(KINDS[cell.kind]).values(id=key, **graded))
        submitted = run(select(SUBMITTED.c.id).where(SUBMITTED.c.notebook_id == notebook)).scalars().all()
        for row in submitted:
            if cell.kind in GRADED:
                run(insert(GRADE).values(id=new_id(), cell_id=key, notebook_id=row, needs_manual_grade=True))
            if cell.kind != "GradeCell":
                run(insert(COMMENT).values(id=new_id(), cell_id=key, notebook_id=row))

    def _sources(self, key: str, notebook: Notebook) -> None:
        run = self.connection.execute
        rows = run(select(SOURCE_CELL.c.id, *(SOURCE_CELL.c[name] for name in SOURCES)).where(SOURCE_CELL.c.notebook_id == key))
        there: dict[str, Any] = {row.name: row for row in rows}
        for source in notebook.sources:
            values: Mapping[str, Any] = dict(zip(SOURCES, source, strict=True))
            row = there.pop(values["name"], None)
            if row is None:
                run(insert(SOURCE_CELL).values(id=new_id(), notebook_id=key, **values))
            elif tuple(row)[1:] != source:
                run(update(SOURCE_CELL).where(SOURCE_CELL.c.id == row.id).values(**values))
        for row in there.values():
            run(delete(SOURCE_CELL).where(SOURCE_CELL.c.id == row.id))
