package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Geometry is a fence's shape as GeoJSON. It is checked by geo, not by the
// schema, so that a fault is named with its position.
type Geometry json.RawMessage

// Schema says how a shape is written.
func (Geometry) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: true,
		Description: "A GeoJSON geometry: Polygon or MultiPolygon (RFC 7946); a circle is a Point with a \"radius\" in metres beside its coordinates, " +
			"a corridor a LineString with a \"width\" in metres to either side.",
		Examples: []any{map[string]any{"type": "Point", "coordinates": []float64{-74.0721, 4.711}, "radius": 250}},
	}
}

// MarshalJSON gives the geometry as it is.
func (g Geometry) MarshalJSON() ([]byte, error) { return json.RawMessage(g).MarshalJSON() }

// UnmarshalJSON keeps a copy.
func (g *Geometry) UnmarshalJSON(b []byte) error { return (*json.RawMessage)(g).UnmarshalJSON(b) }

type targets struct {
	All     bool             `json:"all,omitempty" doc:"Every device of the owner"`
	Inner   bool             `json:"inner,omitempty" doc:"With all: of its inner customers too"`
	Devices []fleet.DeviceID `json:"devices,omitempty" nullable:"false" maxItems:"10000"`
	Labels  []fleet.LabelID  `json:"labels,omitempty" nullable:"false" maxItems:"100" doc:"Devices that carry one of these"`
}

type fence struct {
	ID            fleet.FenceID   `json:"id"`
	Company       fleet.CompanyID `json:"company"`
	Owner         fleet.OwnerID   `json:"owner" doc:"The customer or company that drew it"`
	Name          string          `json:"name" example:"Depot north"`
	Colour        string          `json:"colour,omitempty" example:"#2f9e44"`
	Shape         Geometry        `json:"shape"`
	Inside        bool            `json:"inside" doc:"Makes enter events"`
	Outside       bool            `json:"outside" doc:"Makes exit events"`
	Preset        fleet.Preset    `json:"preset" enum:"instant,balanced,strict,custom"`
	Custom        *fleet.Custom   `json:"custom,omitempty" doc:"The numbers of the preset custom"`
	Targets       targets         `json:"targets"`
	Paused        bool            `json:"paused"`
	AlertIfInside bool            `json:"alertIfInside"`
	NoPasses      bool            `json:"noPasses,omitempty" doc:"Concludes no crossing between two fixes outside"`
	SpeedLimit    float32         `json:"speedLimit,omitempty" doc:"km/h inside; absent: none"`
	Schedule      *schedule       `json:"schedule,omitempty" doc:"When it makes events, by the owner's clock; absent: always"`
	MinPass       int64           `json:"minPass,omitempty" doc:"Milliseconds inside that such a crossing needs; absent: 1000"`
	Version       uint64          `json:"version"`
	Created       fleet.Time      `json:"created"`
}

func showFence(f *fleet.Fence) fence {
	shape, err := json.Marshal(&f.Shape)
	if err != nil {
		shape = []byte("null")
	}
	return fence{
		ID: f.ID, Company: f.Company, Owner: f.Owner, Name: f.Name, Colour: f.Colour, Shape: shape,
		Inside: f.Inside, Outside: f.Outside, Preset: f.Preset, Custom: f.Custom,
		Targets: targets{All: f.Targets.All, Inner: f.Targets.Inner, Devices: f.Targets.Devices, Labels: f.Targets.Labels},
		Paused:  f.Paused, AlertIfInside: f.AlertIfInside, NoPasses: f.NoPasses, MinPass: int64(f.MinPass),
		SpeedLimit: f.SpeedLimit, Schedule: showSchedule(f.Schedule), Version: f.Version, Created: f.Created,
	}
}

// FenceRules is what a fence says beside its name and shape; it is exported to
// be embedded.
type FenceRules struct {
	Owner         fleet.OwnerID `json:"owner,omitzero" doc:"Absent: your customer, else your company"`
	Colour        string        `json:"colour,omitempty" example:"#2f9e44"`
	Inside        *bool         `json:"inside,omitempty" doc:"Makes enter events; absent: yes"`
	Outside       *bool         `json:"outside,omitempty" doc:"Makes exit events; absent: yes"`
	Preset        fleet.Preset  `json:"preset,omitempty" enum:"instant,balanced,strict,custom" doc:"Absent: balanced"`
	Custom        *fleet.Custom `json:"custom,omitempty" doc:"The numbers of the preset custom: metres and milliseconds"`
	Targets       *targets      `json:"targets,omitempty" doc:"Absent: every device of the owner and of its inner customers"`
	Paused        bool          `json:"paused,omitempty" doc:"Keeps its place, watches nothing"`
	AlertIfInside bool          `json:"alertIfInside,omitempty" doc:"Enter event when the first fix is inside"`
	NoPasses      bool          `json:"noPasses,omitempty" doc:"Concludes no crossing between two fixes outside"`
	SpeedLimit    float32       `json:"speedLimit,omitempty" minimum:"0" maximum:"1000" doc:"km/h inside, an overspeed event if it is broken; absent: none"`
	Schedule      *schedule     `json:"schedule,omitempty" doc:"When it makes events, by the owner's clock; absent: always"`
	MinPass       int64         `json:"minPass,omitempty" minimum:"0" maximum:"60000" doc:"Milliseconds inside that such a crossing needs; absent: 1000"`
}

type fenceInput struct {
	Name  string   `json:"name" example:"Depot north"`
	Shape Geometry `json:"shape"`
	FenceRules
	Version uint64 `json:"version,omitempty" doc:"On update: the version that you saw"`
}

// apply lays the input over a fence, new or stored.
func (in *fenceInput) apply(c *call, f *fleet.Fence) error {
	owner := in.Owner
	if f.ID != 0 && owner == 0 {
		owner = f.Owner
	}
	company, owner, err := c.owner("owner", owner)
	if err != nil {
		return err
	}
	if f.ID != 0 && f.Owner != owner {
		return fleet.FieldError("owner", "cannot be changed")
	}
	var shape geo.Shape
	if err := json.Unmarshal(in.Shape, &shape); err != nil {
		return shapeError(err)
	}
	t := targets{All: true, Inner: true}
	if in.Targets != nil {
		t = *in.Targets
	}
	devices, err := c.checkDevices("targets.devices", company, owner, t.Devices)
	if err != nil {
		return err
	}
	if err := c.checkLabels("targets.labels", t.Labels); err != nil {
		return err
	}
	if f.Schedule, err = in.Schedule.read("schedule"); err != nil {
		return err
	}
	f.SpeedLimit = in.SpeedLimit
	f.Company, f.Owner, f.Name, f.Colour, f.Shape = company, owner, in.Name, in.Colour, shape
	f.Inside, f.Outside = in.Inside == nil || *in.Inside, in.Outside == nil || *in.Outside
	if f.Preset = in.Preset; f.Preset == "" {
		f.Preset = fleet.Balanced
	}
	if f.Custom = nil; f.Preset == fleet.OwnNumbers {
		f.Custom = in.Custom
	}
	f.Targets = fleet.Targets{All: t.All, Inner: t.Inner, Devices: devices, Labels: sorted(t.Labels)}
	f.NoPasses, f.MinPass = in.NoPasses, fleet.Time(in.MinPass)
	f.Paused, f.AlertIfInside, f.Version = in.Paused, in.AlertIfInside, in.Version
	if err := f.Validate(); err != nil {
		return err
	}
	f.Shape = f.Shape.Normalise()
	return nil
}

func shapeError(err error) error {
	return &fleet.Error{Kind: fleet.Invalid, Field: "shape", Message: err.Error(), Err: err}
}

func (a *API) fences() {
	op := operation{tag: "Fences", object: auth.Fence}

	op.id, op.method, op.path, op.action = "listFences", http.MethodGet, "/fences", auth.Read
	op.summary = "List fences"
	register(a, op, func(c *call, in *nameList) (*one[page[fence]], error) {
		q, err := in.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Fences(q)
		return pageOf(p, showFence), err
	})

	op.id, op.path, op.summary = "getFence", "/fences/{id}", "Read a fence"
	register(a, op, func(c *call, in *ByID) (*one[fence], error) {
		f, err := c.fence(in.ID)
		if err != nil {
			return nil, err
		}
		return &one[fence]{showFence(&f)}, nil
	})

	op.id, op.method, op.path, op.action = "createFence", http.MethodPost, "/fences", auth.Create
	op.summary, op.status, op.body = "Draw a fence", http.StatusCreated, maxFence
	op.doc = "A shape that crosses or touches itself, has too few points or lies outside of the earth is refused with the `position` of the fault."
	op.example = fenceInput{Name: "Depot north", Shape: Geometry(exampleCircle), FenceRules: FenceRules{Colour: "#2f9e44"}}
	register(a, op, func(c *call, in *struct{ Body fenceInput }) (*one[fence], error) {
		var f fleet.Fence
		if err := in.Body.apply(c, &f); err != nil {
			return nil, err
		}
		f.Version = 0
		return a.putFence(c, f)
	})

	op.id, op.method, op.path, op.action = "updateFence", http.MethodPut, "/fences/{id}", auth.Update
	op.summary, op.status = "Change a fence", 0
	op.doc = "A device that is inside stays so silently under the new shape, and leaves it with an event."
	register(a, op, func(c *call, in *struct {
		ByID
		Body fenceInput
	}) (*one[fence], error) {
		f, err := c.fence(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &f); err != nil {
			return nil, err
		}
		return a.putFence(c, f)
	})

	op.id, op.method, op.action, op.summary = "deleteFence", http.MethodDelete, auth.Delete, "Remove a fence"
	op.doc, op.example, op.body = "", nil, 0
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		f, err := c.fence(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(f.Version, in.Version); err != nil {
			return nil, err
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedFences: []fleet.FenceID{f.ID}})
		return nil, err
	})
	a.importFences()
}

const (
	maxFence      = 4 << 20 // bytes of a request with one shape
	exampleCircle = `{"type":"Point","coordinates":[-74.0721,4.711],"radius":250}`
)

func (a *API) putFence(c *call, f fleet.Fence) (*one[fence], error) {
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Fences: []fleet.Fence{f}})
	if err != nil {
		return nil, err
	}
	return &one[fence]{showFence(&set.Fences[0])}, nil
}

func (c *call) fence(id string) (fleet.Fence, error) {
	n, err := fleet.ParseID[fenceKey](id)
	if err != nil || n == 0 {
		return fleet.Fence{}, errNotFound()
	}
	f, err := c.api.o.Records.Fence(fleet.FenceID(n))
	if err == nil && !c.scope.SeesOwner(f.Company, f.Owner) {
		err = errNotFound()
	}
	return f, err
}

type fenceKey struct{}
