"""The same workers on a Dask cluster."""
