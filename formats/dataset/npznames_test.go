package dataset

import "testing"

// What an array holds shows in its name.
func TestRoleOf(t *testing.T) {
	for name, want := range map[string]struct {
		role arrayRole
		part string
	}{
		"x": {sampleRole, ""}, "X": {sampleRole, ""}, "Y": {labelRole, ""}, "X_train": {sampleRole, "train"}, "train_x": {sampleRole, "train"}, "xtrain": {sampleRole, "train"}, "testY": {labelRole, "test"},
		"y_val": {labelRole, "val"}, "train_images": {sampleRole, "train"}, "train_labels": {labelRole, "train"}, "Images": {sampleRole, ""}, "target": {labelRole, ""}, "data": {sampleRole, ""}, "validation-labels": {labelRole, "validation"},
		"arr_0": {unknownRole, ""}, "class_names": {unknownRole, ""}, "feature_names": {unknownRole, ""}, "train": {unknownRole, "train"}, "": {unknownRole, ""}, "test_train": {unknownRole, "train"}, "labels2": {unknownRole, ""},
	} {
		if role, part := roleOf(name); role != want.role || part != want.part {
			t.Errorf("%q: %d %q, want %d %q", name, role, part, want.role, want.part)
		}
	}
}
