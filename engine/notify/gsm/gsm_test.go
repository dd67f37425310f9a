package gsm_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/notify/gsm"
)

func TestParts(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		parts int
		seven bool
	}{
		{"empty", "", 1, true},
		{"one full part", strings.Repeat("a", 160), 1, true},
		{"one more", strings.Repeat("a", 161), 2, true},
		{"two full parts", strings.Repeat("a", 306), 2, true},
		{"three", strings.Repeat("a", 307), 3, true},
		{"letters of the alphabet", "éèùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡", 1, true},
		{"extension counts twice", strings.Repeat("€", 80), 1, true},
		{"extension counts twice, over", strings.Repeat("€", 80) + "a", 2, true},
		{"an escape is not split", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3, true},
		{"UCS-2", strings.Repeat("ã", 70), 1, false},
		{"UCS-2, over", strings.Repeat("ã", 71), 2, false},
		{"UCS-2, two full", strings.Repeat("ã", 134), 2, false},
		{"a surrogate pair is two units", strings.Repeat("🚚", 35), 1, false},
		{"a surrogate pair is not split", strings.Repeat("🚚", 67), 3, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gsm.Parts(tt.text); got != tt.parts {
				t.Errorf("parts = %d, want %d", got, tt.parts)
			}
			if got := gsm.Is7Bit(tt.text); got != tt.seven {
				t.Errorf("7-bit = %v, want %v", got, tt.seven)
			}
		})
	}
}

func TestTransliterate(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"Camión número 5, ¿dónde?", "Camion numero 5, ¿donde?", true},
		{"São João entrou em Salvação – às 14:03", "Sao Joao entrou em Salvacao - às 14:03", true},
		{"L’île d’Oléron… cœur", "L'ile d'Oléron... coeur", true},
		{"niño ñandú Ñuñoa", "niño ñandu Ñuñoa", true},
		{"Straße Ľubica Łódź", "Straße Lubica Lodz", true},
		{"cafe\u0301", "cafe", true},
		{"Москва", "Москва", false},
		{"Truck 🚚 é", "Truck 🚚 é", false},
	}
	for _, tt := range tests {
		got, ok := gsm.Transliterate(tt.in)
		if got != tt.want || ok != tt.ok {
			t.Errorf("Transliterate(%q) = %q, %v, want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFit(t *testing.T) {
	const link = "https://track.example.com/?event=0123"
	tests := []struct {
		name, text, link string
		max              int
		transliterate    bool
		want             string
		parts            int
	}{
		{"as it is", "Truck left", link, 3, true, "Truck left " + link, 1},
		{"no link", "Truck left", "", 3, true, "Truck left", 1},
		{"made 7-bit", "Camión salió", "", 3, true, "Camion salio", 1},
		{"switch off", "Camión salió", "", 3, false, "Camión salió", 1},
		{"decomposed letters are composed first", "e\u0301", "", 3, true, "é", 1},
		{"text gives way", strings.Repeat("a", 200), link, 1, true, strings.Repeat("a", 119) + "... " + link, 1},
		{"UCS-2 gives way", strings.Repeat("ж", 80), "https://x.example/1", 1, true, strings.Repeat("ж", 47) + "... https://x.example/1", 1},
		{"link too long is left out", "left", "https://" + strings.Repeat("x", 200), 1, true, "left", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, parts := gsm.Fit(tt.text, tt.link, tt.max, tt.transliterate)
			if got != tt.want || parts != tt.parts {
				t.Errorf("got %q in %d parts, want %q in %d", got, parts, tt.want, tt.parts)
			}
		})
	}
}

func FuzzFit(f *testing.F) {
	f.Add("Camión 🚚 left Depósito", "https://track.example.com/?event=01", 2, true)
	f.Add(strings.Repeat("€", 400), "", 1, false)
	f.Fuzz(func(t *testing.T, text, link string, maxParts int, transliterate bool) {
		if maxParts < 1 || maxParts > 10 || len(text) > 2000 || len(link) > 500 {
			t.Skip("no text that Fit is given")
		}
		body, parts := gsm.Fit(text, link, maxParts, transliterate)
		if parts > maxParts || parts != gsm.Parts(body) {
			t.Errorf("%d parts of at most %d: %q", parts, maxParts, body)
		}
		if utf8.ValidString(text) && utf8.ValidString(link) && !utf8.ValidString(body) {
			t.Errorf("%q is not valid UTF-8", body)
		}
	})
}
