package onnx

// Model is a graph and what is said of it.
type Model struct {
	Producer, Version string // the tool that made it
	Graph             Graph
	Metadata          []Entry // keys are distinct
}

// Entry is a pair of texts.
type Entry struct{ Key, Value string }

// Graph is operators, each after those whose outputs it reads.
type Graph struct {
	Name            string
	Nodes           []Node
	Weights         []Tensor // constants that nodes read by name
	Inputs, Outputs []Value
}

// Node is an operator. Inputs and outputs are names of values.
type Node struct {
	Name, Op        string
	Inputs, Outputs []string
	Attributes      []Attribute
}

// Attribute is a named constant of a node: one of the functions below makes it.
type Attribute struct {
	name string
	kind attributeKind
	f    float32
	i    []int
}

// attributeKind is AttributeProto.AttributeType.
type attributeKind int

const (
	floatAttribute attributeKind = 1
	intAttribute   attributeKind = 2
	intsAttribute  attributeKind = 7
)

// Float is an attribute that is a real number.
func Float(name string, v float32) Attribute {
	return Attribute{name: name, kind: floatAttribute, f: v}
}

// Int is an attribute that is a whole number.
func Int(name string, v int) Attribute {
	return Attribute{name: name, kind: intAttribute, i: []int{v}}
}

// Ints is an attribute that is a list of whole numbers.
func Ints(name string, v []int) Attribute { return Attribute{name: name, kind: intsAttribute, i: v} }

// Tensor is a constant array in C order: of floats, or of whole numbers if there are no floats.
type Tensor struct {
	Name   string
	Shape  []int
	Floats []float32
	Ints   []int
}

// Value is an input or an output of a graph, of float32.
type Value struct {
	Name, Doc string
	Shape     []Dimension
}

// Dimension is the extent along an axis: a number, or a name if it is free.
type Dimension struct {
	Size int
	Name string // "" if Size counts
}
