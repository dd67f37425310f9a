package store

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/store/boltfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is one stored value: what it is, and under which key and in which
// table it lies.
type golden struct {
	name string
	make func() (key, value []byte, err error)
	read func(key, value []byte) (any, error)
	want any
}

func goldenOf[T any](name string, t boltfile.Table, key []byte, v T) golden {
	return golden{
		name: name, want: v,
		make: func() ([]byte, []byte, error) {
			body, err := boltfile.Marshal(&v)
			return key, t.Seal(key, 1, body), err
		},
		read: func(key, value []byte) (any, error) { return boltfile.Decode[T](t, key, value) },
	}
}

func goldens() []golden {
	e := fleet.Event{
		ID: fleet.EventID{1, 2, 3, 15: 9}, Kind: fleet.Exit, Flags: fleet.Late | fleet.Inferred, Device: 5, Owner: 6, Fence: 7, Judge: 2,
		Alarms: fleet.SOS, Time: 1772366400000, Received: 1772366400500, Place: fleet.Place{Lat: 105000000, Lon: -669000000},
		Speed: 31.5, Course: 270, Seq: 99, Company: 3,
		Trace: fleet.Trace{PriorTime: 1772366399000, PriorPlace: fleet.Place{Lat: 1, Lon: -2}, EdgeMetres: -3.25, Gates: 5},
	}
	d := fleet.Delivery{
		Key: fleet.DeliveryKey{Event: e.ID, Recipient: 8, Channel: fleet.SMS}, Notification: 4, Company: 3, Owner: 6, Device: 5,
		State: fleet.Retrying, Due: 1772366460000, Expires: 1772367300000, Created: 1772366400600, Reason: "busy",
		Attempts: []fleet.Attempt{{At: 1772366401000, Took: 120, To: "+573001234567", Provider: "sms.example", Answer: "503", ID: "m1", Parts: 2, Error: "try later"}},
		Done:     []string{"s1"},
	}
	set := fleet.ChangeSet{
		ID: 12, At: 1772366400000, Actor: fleet.Actor{User: 8, Token: 1, Addr: "192.0.2.1"},
		Companies: []fleet.Company{{ID: 3, Name: "Acme", Lang: fleet.English, Timezone: "UTC", Version: 1}},
		Customers: []fleet.Customer{{ID: 6, Company: 3, Name: "Ñandú", Code: "N", Country: "VE", Lang: fleet.Spanish, Timezone: "America/Caracas", Version: 2, Created: 1}},
		Devices:   []fleet.Device{{ID: 5, Company: 3, Customer: 6, Name: "Truck", UniqueID: "868", Labels: []fleet.LabelID{2}, ClockOffset: -3600000, SecretHash: []byte{1}, Version: 1, Created: 1}},
		Fences: []fleet.Fence{{
			ID: 7, Company: 3, Owner: 6, Name: "Depot", Colour: "#ff0000", Inside: true, Outside: true, Preset: fleet.Balanced,
			Shape:   geo.Shape{Kind: geo.Circle, Centre: geo.Point{-66.9, 10.5}, Radius: 200},
			Targets: fleet.Targets{Devices: []fleet.DeviceID{5}}, Judge: 2, Version: 3, Created: 1, From: 1772366400000,
		}},
		Notifications: []fleet.Notification{{
			ID: 4, Company: 3, Owner: 6, Description: "All", AllDevices: true, AllFences: true, Kinds: []fleet.EventKind{fleet.Enter},
			Channels: []fleet.Channel{fleet.Push}, Recipients: []fleet.UserID{8}, MaxAge: 900000, Version: 1, Created: 1,
		}},
		RemovedFences: []fleet.FenceID{70},
	}
	revised, untrue := e, d
	revised.Kind, revised.Fence, revised.Rule, revised.Value = fleet.Overstay, 7, 11, 3600
	revised.Flags, revised.Named = fleet.Amended|fleet.Retracted, fleet.EventID{1, 2, 3, 15: 8}
	revised.First, revised.Revised, revised.About = 1772366300000, 1772370000000, fleet.EventID{1, 15: 7}
	untrue.State, untrue.Reason, untrue.Untrue, untrue.Also = fleet.Suppressed, fleet.ReasonRetracted, true, []fleet.NotificationID{5, 6}
	return []golden{
		goldenOf("event-revised.v1", eventsTable, revised.ID[:], revised),
		goldenOf("delivery-untrue.v1", deliveriesTable, deliveryKey(untrue.Key), untrue),
		goldenOf("event.v1", eventsTable, e.ID[:], e),
		goldenOf("delivery.v1", deliveriesTable, deliveryKey(d.Key), d),
		goldenOf("change.v1", changesTable, be64(12), set),
		goldenOf("fence-version.v1", versionsTable, versionKey(fenceRecord, 7, 12), set.Fences[0]),
		goldenOf("user.v1", users.Table, be64(8), fleet.User{
			ID: 8, Company: 3, Customer: 6, Name: "Ana", Email: "ana@example.com", Phone: "+573001234567", Lang: fleet.Spanish,
			Timezone: "UTC", Role: fleet.CustomerUser, Version: 1, Created: 1, Devices: []fleet.DeviceID{5},
		}),
		goldenOf("token.v1", tokens.Table, be64(1), fleet.Token{ID: 1, Hash: []byte{1, 2}, User: 8, Description: "cli", Created: 1, Expires: 2}),
		goldenOf("audit.v1", auditTable, be64(2), AuditRow{
			Number: 2, At: 1, Actor: set.Actor, Action: "update", Record: "fence", Key: be64(7),
			Before: Fields{4: {0x61, 'a'}}, After: Fields{4: {0x61, 'b'}}, Prev: []byte{1}, Hash: []byte{2},
		}),
		{
			name: "pending.v1", want: "01020300000000000000000000000009 of 5 7 6 in device fence owner",
			make: func() ([]byte, []byte, error) {
				var p pendingBody
				err := p.add(e.ID[:], lazyIndexes["events"], eventRefs(&e))
				return be64(4), pendingTable(eventsTable).Seal(be64(4), 1, p.body), err
			},
			read: func(key, value []byte) (out any, err error) {
				ds := &days{table: eventsTable}
				err = ds.pendingRow(key, value, func(e pendingEntry) {
					out = fmt.Sprintf("%x of %d %d %d in %s", e.key, e.id(0), e.id(1), e.id(2), strings.Join(lazyIndexes["events"], " "))
				})
				return out, err
			},
		},
		goldenOf("grave.v1", gravesTable, graveKey(deviceRecord, 5), grave[fleet.Device]{At: 9, Record: set.Devices[0]}),
	}
}

// The bytes of every kind of value are what they were: a change here is a
// change of format and needs a new schema number beside the old reader.
func TestFormatsAreAsTheyWere(t *testing.T) {
	for _, g := range goldens() {
		t.Run(g.name, func(t *testing.T) {
			key, value, err := g.make()
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf("key %x\nvalue %x\n", key, value)
			file := filepath.Join("testdata", g.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			stored, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(stored) != text {
				t.Errorf("written now:\n%swas:\n%s", text, stored)
			}
			lines := strings.Fields(string(stored))
			oldKey, _ := hex.DecodeString(lines[1])
			oldValue, _ := hex.DecodeString(lines[3])
			got, err := g.read(oldKey, oldValue)
			if err != nil || !reflect.DeepEqual(got, g.want) {
				t.Errorf("read %+v, %v\nwant %+v", got, err, g.want)
			}
		})
	}
}

// A snapshot file of version 1 is read as it was written.
func TestSnapshotFormat(t *testing.T) {
	file := filepath.Join("testdata", "snapshot.v1.golden")
	if *update {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := writeSnapshot(file, 3, 42, [][]byte{[]byte("one"), {}, []byte("three")}); err != nil {
			t.Fatal(err)
		}
	}
	semantics, parts, err := readSnapshot(file, 42)
	if err != nil || semantics != 3 || len(parts) != 3 || string(parts[0]) != "one" || string(parts[2]) != "three" {
		t.Errorf("semantics %d, parts %q, %v", semantics, parts, err)
	}
}

func FuzzDecodeSnapshot(f *testing.F) {
	whole, err := os.ReadFile(filepath.Join("testdata", "snapshot.v1.golden"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:40])
	f.Fuzz(func(t *testing.T, b []byte) {
		_, parts, reason := decodeSnapshot(b, 42)
		if reason != "" {
			return
		}
		size := snapHeader + snapTrailer
		for _, p := range parts {
			size += snapPart + len(p)
		}
		if size != len(b) {
			t.Errorf("%d bytes were accepted, the parts account for %d", len(b), size)
		}
	})
}
