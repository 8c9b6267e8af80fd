"""Samples in a Zarr folder or zip as a tensor stream: python3 from_zarr.py data.zarr images labels > images.tar"""
import rows, zarr

rows.convert(lambda file, name: zarr.open_array(file, path=name, mode="r"))
