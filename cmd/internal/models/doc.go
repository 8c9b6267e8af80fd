// Package models turns model files, network files and the names of presets into networks that are ready to use, and finds
// in them what flags name: layers, classes.
package models
