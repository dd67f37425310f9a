package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// maxFixLine is the longest line of a file of fixes, in bytes.
const maxFixLine = 1 << 20

// fixFile is a file of fixes, taken apart by device.
type fixFile struct {
	devices []string
	rows    [][]fixRow // of each device, in the order of the file
	bad     int        // lines that were left out
}

// fixRow is one line.
type fixRow struct {
	fix                               fleet.Time
	place                             fleet.Place
	has                               fleet.Fields
	speed, course, altitude, accuracy float32
}

// report is the row as a codec would give it: a valid fix, received at once.
func (f *fixRow) report(device fleet.DeviceID) fleet.Report {
	return fleet.Report{
		Device: device, Protocol: fleet.FileReplay, Has: f.has | fleet.HasPlace | fleet.FixValid,
		Fix: f.fix, Received: f.fix, Place: f.place,
		Speed: f.speed, Course: f.course, Altitude: f.altitude, Accuracy: f.accuracy,
	}
}

// fixColumns are the columns of a file; the first four must be there.
var fixColumns = []string{"device", "time", "lat", "lon", "speed", "course", "altitude", "accuracy"}

const neededColumns = 4

// readFixes reads the file and names bad lines on stderr. An error is about
// the file as a whole.
func readFixes(in io.Reader, stderr io.Writer) (*fixFile, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxFixLine)
	out := new(fixFile)
	index := map[string]int{}
	var columns []int // where each of fixColumns stands, -1 for absent
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if number == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		fields, err := splitFixLine(line)
		if columns == nil {
			if err == nil {
				columns, err = fixHeader(fields)
			}
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", number, err)
			}
			continue
		}
		var device string
		var row fixRow
		if err == nil {
			device, row, err = parseFix(fields, columns)
		}
		if err != nil {
			out.bad++
			fmt.Fprintf(stderr, "line %d is left out: %v\n", number, err)
			continue
		}
		i, known := index[device]
		if !known {
			i = len(out.devices)
			index[device] = i
			out.devices, out.rows = append(out.devices, device), append(out.rows, nil)
		}
		out.rows[i] = append(out.rows[i], row)
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, fmt.Errorf("a line has more than %d bytes", maxFixLine)
		}
		return nil, err
	}
	if columns == nil {
		return nil, fmt.Errorf("the file is empty; its first line is %s[,%s]",
			strings.Join(fixColumns[:neededColumns], ","), strings.Join(fixColumns[neededColumns:], ","))
	}
	return out, nil
}

func splitFixLine(line string) ([]string, error) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), nil
	}
	return csv.NewReader(strings.NewReader(line)).Read()
}

func fixHeader(fields []string) ([]int, error) {
	columns := slices.Repeat([]int{-1}, len(fixColumns))
	for at, name := range fields {
		i := slices.Index(fixColumns, strings.TrimSpace(name))
		if i < 0 {
			return nil, fmt.Errorf("the header has the column %q; known are %s", name, strings.Join(fixColumns, ","))
		}
		if columns[i] >= 0 {
			return nil, fmt.Errorf("the header has the column %q twice", name)
		}
		columns[i] = at
	}
	for i, at := range columns[:neededColumns] {
		if at < 0 {
			return nil, fmt.Errorf("the header has no column %q", fixColumns[i])
		}
	}
	return columns, nil
}

func parseFix(fields []string, columns []int) (device string, row fixRow, err error) {
	want := 0
	for _, at := range columns {
		want = max(want, at+1)
	}
	if len(fields) != want {
		return "", row, fmt.Errorf("it has %d fields, the header %d", len(fields), want)
	}
	field := func(i int) string {
		if columns[i] < 0 {
			return ""
		}
		return strings.TrimSpace(fields[columns[i]])
	}
	if device = field(0); device == "" {
		return "", row, fmt.Errorf("it names no device")
	}
	if row.fix, err = parseFixTime(field(1)); err != nil {
		return "", row, err
	}
	lat, err := parseDegrees("lat", field(2), 90)
	if err != nil {
		return "", row, err
	}
	lon, err := parseDegrees("lon", field(3), 180)
	if err != nil {
		return "", row, err
	}
	row.place, _ = fleet.MakePlace(lat, lon)
	for i, reading := range [...]struct {
		into      *float32
		has       fleet.Fields
		low, high float64
	}{
		{&row.speed, fleet.HasSpeed, 0, 1500},
		{&row.course, fleet.HasCourse, 0, 360},
		{&row.altitude, fleet.HasAltitude, -1000, 30_000},
		{&row.accuracy, fleet.HasAccuracy, 0, 1e6},
	} {
		text := field(neededColumns + i)
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", row, fmt.Errorf("its %s %q is no number", fixColumns[neededColumns+i], text)
		}
		// As on the wire, a reading that cannot be is none, and harms no place.
		if v >= reading.low && v <= reading.high {
			*reading.into = float32(v)
			row.has |= reading.has
		}
	}
	return device, row, nil
}

func parseDegrees(name, text string, limit float64) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) {
		return 0, fmt.Errorf("its %s %q is no number", name, text)
	}
	if math.Abs(v) > limit {
		return 0, fmt.Errorf("its %s %s is beyond ±%v", name, text, limit)
	}
	return v, nil
}

// parseFixTime reads RFC 3339 or Unix milliseconds, of the years 1 to 9999.
func parseFixTime(text string) (fleet.Time, error) {
	var t time.Time
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		t = time.UnixMilli(ms).UTC()
	} else if t, err = time.Parse(time.RFC3339Nano, text); err != nil {
		return 0, fmt.Errorf("its time %q is neither RFC 3339 nor Unix milliseconds", text)
	}
	if y := t.Year(); y < 1 || y > 9999 {
		return 0, fmt.Errorf("its time %q is in the year %d", text, y)
	}
	return fleet.At(t), nil
}
