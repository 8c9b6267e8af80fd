// Package optim updates parameters from gradients: SGD with momentum, Nesterov's momentum, Adam and AdamW, by PyTorch's
// definitions and with its default hyper-parameters, and schedules for the learning rate. All optimisers are entries of one
// table, methods; all schedules of another.
//
// Parameters, gradients and state are float32; every element is updated in float64 and rounded once. An update depends
// on the parameters, the gradients, the state and the number of steps only, so a training run that saves these
// continues to the same bits.
package optim
