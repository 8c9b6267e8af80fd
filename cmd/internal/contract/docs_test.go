package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every package says what it is for, every exported name what it does, and no file is longer than one can read at a time.
func TestDocs(t *testing.T) {
	const root = "../../.."
	packages := map[string]bool{} // folder: has a comment
	files := token.NewFileSet()
	for _, room := range []string{"cmd", "examples", "formats", "internal", "lib"} {
		err := filepath.WalkDir(filepath.Join(root, room), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
				return err
			}
			if strings.Contains(filepath.ToSlash(name), "/testdata/") {
				return nil
			}
			f, err := parser.ParseFile(files, name, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			if lines := files.Position(f.End()).Line; lines > 400 {
				t.Errorf("%s has %d lines; split it", name, lines)
			}
			if strings.HasSuffix(name, "_test.go") {
				return nil
			}
			folder := filepath.Dir(name)
			packages[folder] = packages[folder] || f.Doc != nil
			for _, decl := range f.Decls {
				undocumented(decl, func(at token.Pos, what string) { t.Errorf("%s: %s has no comment", files.Position(at), what) })
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(packages) < 30 {
		t.Errorf("only %d packages", len(packages))
	}
	for folder, documented := range packages {
		if !documented {
			t.Errorf("%s: the package has no comment", folder)
		}
	}
}

// undocumented calls found for every exported name of a declaration without a comment. A comment over a group is one of all
// that it holds.
func undocumented(decl ast.Decl, found func(at token.Pos, what string)) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || exported(d.Recv.List[0].Type)) {
			found(d.Pos(), d.Name.Name)
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return
		}
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil {
					found(s.Pos(), s.Name.Name)
				}
			case *ast.ValueSpec:
				if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil {
					found(s.Pos(), s.Names[0].Name)
				}
			}
		}
	}
}

// exported reports whether a receiver's type is.
func exported(receiver ast.Expr) bool {
	switch r := receiver.(type) {
	case *ast.StarExpr:
		return exported(r.X)
	case *ast.IndexExpr:
		return exported(r.X)
	case *ast.Ident:
		return r.IsExported()
	}
	return true
}
