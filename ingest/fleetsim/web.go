package fleetsim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

const kmhPerKnot = 1.852

// webClient posts over HTTP; each device keeps its own connection alive.
type webClient struct {
	client *http.Client
	build  func(f *Fix) (*http.Request, error)
}

func (w *webClient) close() { w.client.CloseIdleConnections() }

func (w *webClient) send(ctx context.Context, fixes []Fix) error {
	for i := range fixes {
		req, err := w.build(&fixes[i])
		if err != nil {
			return err
		}
		resp, err := w.client.Do(req.WithContext(ctx))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("the server answered %s", resp.Status)
		}
	}
	return nil
}

func newWebClient(build func(f *Fix) (*http.Request, error)) *webClient {
	return &webClient{
		client: &http.Client{Timeout: ackWait, Transport: &http.Transport{MaxIdleConnsPerHost: 1}},
		build:  build,
	}
}

func dialOsmAnd(_ context.Context, d *Device) (speaker, error) {
	return newWebClient(func(f *Fix) (*http.Request, error) {
		q := url.Values{
			"id": {d.UniqueID}, "timestamp": {strconv.FormatInt(int64(f.Time), 10)},
			"lat": {degrees(f.Place.LatDegrees())}, "lon": {degrees(f.Place.LonDegrees())},
			"speed": {number(f.Speed / kmhPerKnot)}, "bearing": {number(f.Course)}, "altitude": {number(f.Altitude)},
			"accuracy": {"4"}, "batt": {"81"},
		}
		if f.Alarms != 0 {
			q.Set("alarm", f.Alarms.String())
		}
		return http.NewRequest(http.MethodGet, "http://"+d.Addr+"/?"+q.Encode(), nil)
	}), nil
}

func dialOwnTracks(_ context.Context, d *Device) (speaker, error) {
	return newWebClient(func(f *Fix) (*http.Request, error) {
		body, err := json.Marshal(struct {
			Type string  `json:"_type"`
			Lat  float64 `json:"lat"`
			Lon  float64 `json:"lon"`
			Time int64   `json:"tst"`
			Vel  float64 `json:"vel"`
			Cog  float64 `json:"cog"`
			Acc  float64 `json:"acc"`
			TID  string  `json:"tid"`
		}{"location", f.Place.LatDegrees(), f.Place.LonDegrees(), int64(f.Time / fleet.Second), f.Speed, f.Course, 5, "si"})
		if err != nil {
			return nil, err
		}
		return http.NewRequest(http.MethodPost, "http://"+d.Addr+"/?id="+url.QueryEscape(d.UniqueID), bytes.NewReader(body))
	}), nil
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }
func number(v float64) string  { return strconv.FormatFloat(v, 'f', 2, 64) }

// mqttClient publishes our JSON with QoS 1.
type mqttClient struct {
	client mqtt.Client
	topic  string
}

func dialMQTT(_ context.Context, d *Device) (speaker, error) {
	o := mqtt.NewClientOptions().
		AddBroker("tcp://" + d.Addr).SetClientID(d.UniqueID).SetUsername(d.UniqueID).SetPassword(d.Secret).
		SetAutoReconnect(false).SetConnectTimeout(ackWait).SetCleanSession(true)
	c := mqtt.NewClient(o)
	if err := wait(c.Connect()); err != nil {
		return nil, err
	}
	return &mqttClient{c, "vigia/" + d.UniqueID + "/position"}, nil
}

func wait(t mqtt.Token) error {
	if !t.WaitTimeout(ackWait) {
		return fmt.Errorf("no answer within %s", ackWait)
	}
	return t.Error()
}

func (m *mqttClient) close() { m.client.Disconnect(uint((50 * time.Millisecond).Milliseconds())) }

func (m *mqttClient) send(_ context.Context, fixes []Fix) error {
	parts := make([]string, len(fixes))
	for i, f := range fixes {
		r := fleet.Report{Fix: f.Time, Place: f.Place, Alarms: f.Alarms}
		r.SetSpeed(f.Speed)
		r.SetCourse(f.Course)
		r.SetAltitude(f.Altitude)
		r.SetSatellites(f.Satellites)
		r.SetIgnition(f.Ignition)
		body, err := vigiajson.Encode(&r)
		if err != nil {
			return err
		}
		parts[i] = string(body)
	}
	return wait(m.client.Publish(m.topic, 1, false, "["+strings.Join(parts, ",")+"]"))
}
