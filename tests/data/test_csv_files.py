"""Reading a table from a CSV file."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.data.csv_files import read_csv

NAN = float("nan")


def test_read_csv(tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text("\ufeffrow,age,country,balance,left\n1,42,France,0.0,1\n2,,Spain,83807.86,0\n3,39,,NA,0\n")
    table = read_csv(file, target="left", drop=["row"])
    assert table.feature_names == ("age", "balance") and table.y.tolist() == [1, 0, 0]
    assert np.array_equal(table.X, [[42, 0], [NAN, 83807.86], [39, NAN]], equal_nan=True)
    assert table.text_columns["country"].tolist() == ["France", "Spain", ""]
    file.write_text("a,b\n1,2.5\n2,x\n")
    assert read_csv(file, target="b").target_names == ("2.5", "x")
    file.write_text("a,b\n1,2.5\n2,3\n")
    assert read_csv(file, target="b").y.tolist() == [2.5, 3.0]
    for text, message in (("a,b\n", "1 lines, expected names"), ("a,b\n1\n", "line 2: 1 cells, expected 2"),
                          ("a,c\n1,2\n", "no column 'b'"), ("a,b\n1,\n", "target 'b' is missing")):
        file.write_text(text)
        with pytest.raises(ValueError, match=message):
            read_csv(file, target="b")
