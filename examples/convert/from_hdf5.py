"""Samples in an HDF5 file (netCDF-4, MATLAB's -v7.3) as a tensor stream: python3 from_hdf5.py data.h5 images labels > images.tar
Arrays of MATLAB come with their axes reversed: --axes CWH is for images of size(x) = [H W C N]."""
import h5py, rows

def find(file, name):
    f = h5py.File(file, "r")
    if not isinstance(f.get(name), h5py.Dataset):
        raise ValueError(f"{file} has no array {name}; it has {', '.join(f)}")
    return f[name]

rows.convert(find)
