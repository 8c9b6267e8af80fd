// Package resize resamples samples to another size, each axis by itself, so that the aspect is not kept.
//
// Along an axis that shrinks, a pixel of the result is the mean of the stretch of the input that it covers, where a pixel that is
// covered in part counts by that part (area averaging; OpenCV's INTER_AREA, and by whole factors Pillow's BOX and reduce). Along
// an axis that grows, it is interpolated linearly between the two pixels whose centres are nearest, and beyond the outermost
// centres it is the outermost pixel (as in Pillow's and OpenCV's bilinear filters and PyTorch's with align_corners=False).
// P. S. Heckbert, "Fundamentals of Texture Mapping and Image Warping", master's thesis, UC Berkeley, 1989, section 3, derives
// both as filters.
//
// Weights are whole numbers and sums float64, divided once at the end. So the mean of whole pixels that are whole numbers is
// rounded once, and a sample of one value keeps it.
package resize
