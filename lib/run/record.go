package run

// Record is what is known of an epoch when it ends.
type Record struct {
	Epoch       int      `json:"epoch"` // from 1
	Step        int      `json:"step"`  // steps taken so far
	Samples     int      `json:"samples"`
	LR          float64  `json:"lr"` // of the last step
	Loss        float64  `json:"loss"`
	Accuracy    float64  `json:"accuracy"`
	Skipped     int      `json:"skipped,omitempty"` // steps whose batch lacked a class without which the loss is undefined
	ValLoss     *float64 `json:"val_loss,omitempty"`
	ValAccuracy *float64 `json:"val_accuracy,omitempty"`
	Seconds     float64  `json:"seconds,omitempty"`
}
