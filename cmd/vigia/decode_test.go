package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// framesNow is the server's clock in the golden files.
const framesNow fleet.Time = 1710158400000 // 2024-03-11T12:00:00Z

// TestDecodeFrames decodes the repository's own frames, made by us or taken
// from vendors' documents, and compares with what was reviewed.
func TestDecodeFrames(t *testing.T) {
	for i := range protocols {
		p := &protocols[i]
		in, err := os.ReadFile(filepath.Join("..", "..", "testdata", "frames", p.id.String()+".jsonl"))
		if os.IsNotExist(err) {
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			if err != nil {
				t.Fatal(err)
			}
			var got, notes bytes.Buffer
			if err := decodeLines(p, framesNow, bytes.NewReader(in), &got, &notes); err != nil {
				t.Fatal(err, notes.String())
			}
			golden := filepath.Join("..", "..", "testdata", "frames", p.id.String()+".golden.jsonl")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			gots, wants := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
			for i := range max(len(gots), len(wants)) {
				if i >= len(gots) || i >= len(wants) || gots[i] != wants[i] {
					t.Fatalf("line %d is\n%s\nwant\n%s", i+1, at(gots, i), at(wants, i))
				}
			}
		})
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(none)"
}

func TestDecodeForAPerson(t *testing.T) {
	for _, test := range []struct {
		name, protocol, hex string
		want                []string
		fails               bool
	}{
		{
			name: "a fix", protocol: "gt06",
			hex:  "0x78 78 22 22 0F 0C 1D 02 33 05 C9 02 7A C8 18 0C 46 58 60 00 14 00 01 CC 00 28 7D 00 1F 71 00 00 01 00 08 20 86 0D 0A",
			want: []string{"gt06, 39 bytes", "2015-12-29T02:51:05.000Z", "23.1116933, 114.4092978", "a valid fix", "7878052200"},
		},
		{
			name: "a wrong checksum", protocol: "gt06",
			hex:  "78780d01012345678901234500018cde0d0a",
			want: []string{"checksum 8cde found, 8cdd expected", "a byte was changed"}, fails: true,
		},
		{
			name: "cut off", protocol: "gt06",
			hex:  "78780d010123",
			want: []string{"error", "hint"}, fails: true,
		},
		{
			name: "a reply in text", protocol: "h02",
			hex:  "2a48512c343130363030303035342c4854425423",
			want: []string{"4106000054", `"*HQ,4106000054,HTBT#"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := protocolNamed(test.protocol)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := decodeForPerson(p, DecodeCmd{Hex: test.hex}, framesNow, &out); (err != nil) != test.fails {
				t.Errorf("error %v, want one: %v", err, test.fails)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is missing in\n%s", want, out.String())
				}
			}
		})
	}
}

func TestDecodeNamesLinesThatAreNoJSON(t *testing.T) {
	p, _ := protocolNamed("gt06")
	var out, notes bytes.Buffer
	in := "{\"id\":\"1\",\"encoding\":\"hex\",\"message\":\"7878058a000688290d0a\"}\nnot json\n{\"id\":\"3\",\"encoding\":\"hex\",\"message\":\"zz\"}\n"
	err := decodeLines(p, framesNow, strings.NewReader(in), &out, &notes)
	if err == nil || !strings.Contains(notes.String(), "line 2") {
		t.Errorf("error %v, notes %q", err, notes.String())
	}
	if n := strings.Count(out.String(), "\n"); n != 2 || !strings.Contains(out.String(), `"error"`) {
		t.Errorf("output %s", out.String())
	}
}

func TestUnknownProtocolIsNamedWithTheKnown(t *testing.T) {
	if _, err := protocolNamed("gt07"); err == nil || !strings.Contains(err.Error(), "gt06") {
		t.Errorf("error %v", err)
	}
}

func TestHeadersInEitherForm(t *testing.T) {
	for _, form := range []string{`[["X-Limit-U","ana"],["X-Limit-D","phone"]]`, `{"X-Limit-D":"phone","X-Limit-U":"ana"}`} {
		p, _ := protocolNamed("owntracks")
		row := `{"id":"1","encoding":"text","message":"{\"_type\":\"location\",\"lat\":4.711,\"lon\":-74.0721,\"tst\":1710028798}","http":{"method":"POST","url":"/","headers":` + form + "}}\n"
		var out, notes bytes.Buffer
		if err := decodeLines(p, framesNow, strings.NewReader(row), &out, &notes); err != nil {
			t.Fatal(err, notes.String())
		}
		if got := out.String(); !strings.Contains(got, `"device":"ana:phone"`) || !strings.Contains(got, `"lat":4.711`) {
			t.Errorf("headers %s: %s", form, got)
		}
	}
}
