package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strings"
)

// The bounds of a workbook beside Limits.
const (
	mostParts   = 2000     // entries of the archive
	mostSheets  = 255      // of which the names are looked at
	mostShared  = 64 << 20 // bytes of all shared texts
	mostToken   = 1 << 20  // bytes of one XML token
	bombRatio   = 500      // unpacked to packed, beyond
	bombAllowed = 16 << 20 // so many bytes
)

// openBook finds the sheet and what its cells share.
func openBook(r io.ReaderAt, size int64, wanted func(string) bool, l Limits) (Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, bad("is a damaged workbook; save it anew as .xlsx")
	}
	if len(z.File) > mostParts {
		return nil, bad("has more than %d parts", mostParts)
	}
	parts := make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	b := &book{parts: parts, l: l}
	main := "xl/workbook.xml"
	if err := b.relations("", func(_, kind, target string) {
		if strings.HasSuffix(kind, "/officeDocument") {
			main = target
		}
	}); err != nil {
		return nil, err
	}
	if parts[strings.ToLower(main)] == nil {
		return nil, bad("is neither an Excel workbook (.xlsx) nor CSV")
	}
	name, err := b.choose(main, wanted)
	if err != nil {
		return nil, err
	}
	shared := path.Join(path.Dir(main), "sharedStrings.xml")
	targets := map[string]string{}
	if err := b.relations(main, func(id, kind, target string) {
		targets[id] = target
		if strings.HasSuffix(kind, "/sharedStrings") {
			shared = target
		}
	}); err != nil {
		return nil, err
	}
	s := &sheetReader{l: l}
	if parts[strings.ToLower(shared)] != nil {
		if s.shared, err = b.readShared(shared); err != nil {
			return nil, err
		}
	}
	part, ok := targets[name]
	if !ok {
		return nil, bad("has no sheet")
	}
	if s.tokens, err = b.open(part); err != nil {
		return nil, err
	}
	return s, nil
}

type book struct {
	parts map[string]*zip.File
	l     Limits
}

// open reads a part, token by token.
func (b *book) open(name string) (*tokens, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, bad("lacks its part %q; save it anew as .xlsx", clip(name))
	}
	if f.UncompressedSize64 > uint64(b.l.Bytes) ||
		f.UncompressedSize64 > bombAllowed && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
		return nil, tooBig()
	}
	rc, err := f.Open()
	if err != nil {
		return nil, bad("is a damaged workbook; save it anew as .xlsx")
	}
	return newTokens(rc, b.l.Bytes, int64(f.CompressedSize64)), nil
}

func tooBig() error { return bad("unpacks to far more than a table of records has") }

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// relations calls each for what a part refers to within the archive; a part
// without any is fine. The part "" is the archive itself.
func (b *book) relations(part string, each func(id, kind, target string)) error {
	dir, base := path.Split(part)
	rels := path.Join(dir, "_rels", base+".rels")
	if b.parts[strings.ToLower(rels)] == nil {
		return nil
	}
	t, err := b.open(rels)
	if err != nil {
		return err
	}
	defer t.Close()
	for n := 0; ; {
		tok, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			continue
		}
		if n++; n > mostParts {
			return bad("has more than %d parts", mostParts)
		}
		target := attr(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(dir, target)
		}
		each(attr(e, "Id"), attr(e, "Type"), target)
	}
}

// choose is the relation of the sheet that is wanted, else of the first.
func (b *book) choose(main string, wanted func(string) bool) (string, error) {
	t, err := b.open(main)
	if err != nil {
		return "", err
	}
	defer t.Close()
	first, sheets := "", 0
	for {
		tok, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "sheet" {
			continue
		}
		id := ""
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				id = a.Value
			}
		}
		if sheets++; sheets == 1 {
			first = id
		}
		if wanted != nil && wanted(attr(e, "name")) {
			return id, nil
		}
		if sheets == mostSheets {
			break
		}
	}
	if sheets == 0 {
		return "", bad("has no sheet")
	}
	return first, nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// readShared reads the texts that cells share.
func (b *book) readShared(name string) ([]string, error) {
	t, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	var all []string
	total := 0
	for {
		tok, err := t.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := tok.(xml.StartElement); !ok || e.Name.Local != "si" {
			continue
		}
		s, err := t.phrase("si", b.l.Text)
		if err != nil {
			return nil, err
		}
		if total += len(s) + 16; total > mostShared {
			return nil, tooBig()
		}
		all = append(all, s)
	}
}
