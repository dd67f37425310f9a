package teltonika_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/teltonika"
)

// The examples of the page "Codec" of Teltonika's wiki.
const (
	login    = "000F333536333037303432343431303133"
	wiki8    = "000000000000003608010000016B40D8EA30010000000000000000000000000000000105021503010101425E0F01F10000601A014E0000000000000000010000C7CF"
	wiki8two = "000000000000004308020000016B40D57B480100000000000000000000000000000001010101000000000000016B40D5C198010000000000000000000000000000000101010101000000020000252C"
	wiki8E   = "000000000000004A8E010000016B412CEE000100000000000000000000000000000000010005000100010100010011001D00010010015E2C880002000B000000003544C87A000E000000001DD7E06A00000100002994"
	wiki16   = "000000000000005F10020000016BDBC7833000000000000000000000000000000000000B05040200010000030002000B00270042563A00000000016BDBC7871800000000000000000000000000000000000B05040200010000030002000B00260042563A00000200005FB3"
	wikiUDP  = "003DCAFE0105000F33353230393330383634303336353508010000016B4F815B30010000000000000000000000000000000103021503010101425DBC000001"
	wiki15   = "000000000000001B0F010B00000013654B65A4012345678912345648656C6C6F210A01000093D6"
	wiki12   = "00000000000000900C010600000088494E493A323031392F372F323220373A3232205254433A323031392F372F323220373A3533205253543A32204552523A312053523A302042523A302043463A302046473A3020464C3A302054553A302F302055543A3020534D533A30204E4F4750533A303A3330204750533A31205341543A302052533A332052463A36352053463A31204D443A30010000C78F"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVendorExamples(t *testing.T) {
	for _, tt := range []struct {
		name, frame, reply string
		transport          ingest.Transport
		reports            int
		attrs              map[string]fleet.Value // of the first report
	}{
		{"login", login, "01", ingest.TCP, 0, nil},
		{"ping", "FF", "", ingest.TCP, 0, nil},
		{"codec 8", wiki8, "00000001", ingest.TCP, 1, map[string]fleet.Value{
			"gsm": fleet.Int(3), "input1": fleet.Bool(true), "power": fleet.Float(24.079), "operator": fleet.Int(24602)}},
		{"codec 8, two records", wiki8two, "00000002", ingest.TCP, 2, map[string]fleet.Value{"input1": fleet.Bool(false)}},
		{"codec 8 Extended", wiki8E, "00000001", ingest.TCP, 1, map[string]fleet.Value{
			"input1": fleet.Bool(true), "axisX": fleet.Float(0.029), "adc3": fleet.Float(893700.218)}},
		{"codec 16", wiki16, "00000002", ingest.TCP, 2, map[string]fleet.Value{
			"generation": fleet.Int(5), "power": fleet.Float(22.074), "adc3": fleet.Float(0.039)}},
		{"UDP", wikiUDP, "0005CAFE010501", ingest.UDP, 1, map[string]fleet.Value{"gsm": fleet.Int(3)}},
		{"codec 12 answer", wiki12, "", ingest.TCP, 1, map[string]fleet.Value{"answer": fleet.Text(
			"INI:2019/7/22 7:22 RTC:2019/7/22 7:53 RST:2 ERR:1 SR:0 BR:0 CF:0 FG:0 FL:0 TU:0/0 UT:0 SMS:0 NOGPS:0:30 GPS:1 SAT:0 RS:3 RF:65 SF:1 MD:0")}},
		{"codec 15, serial port", wiki15, "", ingest.TCP, 1, map[string]fleet.Value{"answer": fleet.Text("Hello!"), "answerType": fleet.Int(11)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{Transport: tt.transport}
			reply, err := teltonika.New().Decode(s, unhex(t, tt.frame))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ToUpper(hex.EncodeToString(reply)); got != tt.reply {
				t.Errorf("reply %s, want %s", got, tt.reply)
			}
			if len(s.Reports) != tt.reports {
				t.Fatalf("%d reports, want %d", len(s.Reports), tt.reports)
			}
			for key, want := range tt.attrs {
				if got, ok := s.Reports[0].Attrs.Get(key); !ok || got != want {
					t.Errorf("%s is %v, want %v", key, got, want)
				}
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	broken := func(s string, at int) string { // flips a bit of the byte at at
		b := unhex(t, s)
		b[at] ^= 1
		return hex.EncodeToString(b)
	}
	for _, tt := range []struct{ name, frame, want string }{
		{"checksum", broken(wiki8, len(wiki8)/2-1), "checksum is 0000c7ce, the bytes give 0000c7cf"},
		{"counts differ", broken(wiki8, 9), "checksum"},
		{"short", "0000000000000001", "packet of 8 bytes"},
		{"login of junk", "00032f2e2e", "device identity"},
		{"codec", "0000000000000003990000" + "0000a7a1", "checksum"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{Transport: ingest.TCP}
			reply, err := teltonika.New().Decode(s, unhex(t, tt.frame))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to hold %q", err, tt.want)
			}
			if reply != nil || len(s.Reports) > 0 {
				t.Errorf("a refused packet gave reply %x and %d reports", reply, len(s.Reports))
			}
		})
	}
}

func TestSplitRefusesGiantsAtOnce(t *testing.T) {
	for name, start := range map[string]string{"login": "FFFE", "packet": "000000007FFFFFFF", "preamble": "0000000100000001"} {
		if name == "login" {
			start = "7FFF"
		}
		if _, _, err := new(teltonika.Codec).Split(unhex(t, start), false); err == nil {
			t.Errorf("%s: %s was taken for the beginning of a frame", name, start)
		}
	}
}

func randomFixes(r *rand.Rand, n int) []teltonika.Fix {
	fixes := make([]teltonika.Fix, n)
	for i := range fixes {
		fixes[i] = teltonika.Fix{
			Time:  fleet.Time(1.7e12) + fleet.Time(r.Int64N(1e10)),
			Place: fleet.Place{Lat: r.Int32N(1.8e9) - 9e8, Lon: r.Int32()},
			// A device without a fix has no satellites; the simulator's has some.
			Altitude: int16(r.Int32N(4000)), Course: uint16(r.Int32N(360)), Satellites: uint8(1 + r.Int32N(20)),
			Speed: uint16(r.Int32N(200)), Ignition: r.Int32N(2) == 1,
		}
	}
	return fixes
}

func TestDecodeOfEncode(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		fixes := randomFixes(r, 1+r.IntN(255))
		s := &ingest.Session{Transport: ingest.TCP}
		reply, err := teltonika.New().Decode(s, teltonika.AppendData(nil, fixes))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want := []byte{0, 0, 0, byte(len(fixes))}; !bytes.Equal(reply, want) {
			t.Fatalf("seed %d: reply %x, want %x", seed, reply, want)
		}
		var got []teltonika.Fix
		for i := range s.Reports {
			p := &s.Reports[i]
			got = append(got, teltonika.Fix{
				Time: p.Fix, Place: p.Place, Altitude: int16(p.Altitude), Course: uint16(p.Course),
				Satellites: p.Satellites, Speed: uint16(p.Speed), Ignition: p.Is(fleet.IgnitionOn),
			})
		}
		if diff := cmp.Diff(fixes, got); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

func TestAlarmOnlyFromItsEvent(t *testing.T) {
	for _, c := range []struct {
		event, value byte
		want         fleet.Alarms
	}{
		{252, 1, fleet.PowerCut}, {252, 0, 0},
		{155, 0, fleet.GeofenceExit}, {155, 1, fleet.GeofenceEnter}, {155, 2, 0}, {155, 3, fleet.Overspeed},
		{175, 0, fleet.GeofenceExit}, {0, 0, 0},
	} {
		fix := teltonika.Fix{Time: 1.7e12, Satellites: 5, Event: c.event, EventValue: c.value}
		s := &ingest.Session{Transport: ingest.TCP}
		if _, err := teltonika.New().Decode(s, teltonika.AppendData(nil, []teltonika.Fix{fix})); err != nil {
			t.Fatal(err)
		}
		if got := s.Reports[0].Alarms; got != c.want {
			t.Errorf("event %d of %d: alarms %q, want %q", c.event, c.value, got, c.want)
		}
	}
}

// stream decodes everything that a splitter finds when the bytes come in the
// given portions.
func stream(t testing.TB, b []byte, portion func() int) ([]fleet.Report, error) {
	codec := teltonika.New()
	s := &ingest.Session{Transport: ingest.TCP}
	sc := bufio.NewScanner(&portions{b, portion})
	sc.Buffer(nil, 1<<20)
	sc.Split(codec.Split)
	for sc.Scan() {
		_, _ = codec.Decode(s, sc.Bytes())
	}
	return s.Reports, sc.Err()
}

type portions struct {
	b    []byte
	next func() int
}

func (p *portions) Read(to []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.EOF
	}
	n := copy(to, p.b[:min(len(p.b), max(1, p.next()))])
	p.b = p.b[n:]
	return n, nil
}

func FuzzStream(f *testing.F) {
	for _, s := range []string{login, wiki8, wiki8two, wiki8E, wiki16, wiki12, login + wiki8 + "FF" + wiki16} {
		b, _ := hex.DecodeString(s)
		f.Add(b, int64(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, seed int64) {
		whole, err1 := stream(t, b, func() int { return len(b) })
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		parts, err2 := stream(t, b, func() int { return r.IntN(20) })
		if (err1 == nil) != (err2 == nil) || !slices.EqualFunc(whole, parts, func(x, y fleet.Report) bool { return cmp.Equal(x, y) }) {
			t.Errorf("in one piece %d reports (%v), in parts %d (%v)", len(whole), err1, len(parts), err2)
		}
		_, _ = teltonika.New().Decode(&ingest.Session{Transport: ingest.UDP}, b)
	})
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	frame := teltonika.AppendData(nil, randomFixes(r, 10))
	c := teltonika.New()
	s := &ingest.Session{Transport: ingest.TCP}
	b.ReportAllocs()
	for b.Loop() {
		s.Reports = s.Reports[:0]
		if _, err := c.Decode(s, frame); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10/b.Elapsed().Seconds(), "records/s")
}
