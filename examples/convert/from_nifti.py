"""NIfTI volumes as a tensor stream: python3 from_nifti.py sick/*.nii.gz well/*.nii.gz > volumes.tar"""
import inputs, nibabel, numpy as np

def read(path):
    # x is to the right, y to the front and z up, or as near as turns by 90° and mirrors bring it. dataobj applies scl_slope and
    # scl_inter. X,Y,Z,T become T,Z,Y,X: volumes D,H,W, of which points in time are channels.
    x = np.asarray(nibabel.as_closest_canonical(nibabel.load(path)).dataobj).T
    x = x.reshape(-1, *x.shape[-3:])
    x = x[0] if len(x) == 1 else x
    return x, "CDHW"[-x.ndim:]

inputs.convert(read)
