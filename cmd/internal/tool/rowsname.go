package tool

// RowsName is StreamName for an output that is a table as text: CSV or, with --jsonl, JSON lines.
func RowsName(n Name, jsonl bool) error {
	if jsonl {
		return n.promises("JSON", "leave out --jsonl, or call it .jsonl")
	}
	if endings[ending(n.File)] == "JSON" {
		return n.promises("text", "give --jsonl, or call it .csv")
	}
	return n.promises("text", "call it .csv")
}
