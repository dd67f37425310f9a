package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type secretInput struct {
	Secret  string `json:"secret,omitempty" minLength:"12" maxLength:"128" doc:"Your own password; absent: a random one is made"`
	Version uint64 `json:"version,omitempty" doc:"Refuse with 409 if the device has another version by now"`
}

type secretShown struct {
	Device   fleet.DeviceID `json:"device"`
	Username string         `json:"username" doc:"For MQTT: the device's uniqueId" example:"990000862471854"`
	Secret   string         `json:"secret" doc:"Shown this once; only its SHA-256 is kept" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Version  uint64         `json:"version"`
}

// deviceSecret adds the operations on a device's MQTT password.
func (a *API) deviceSecret() {
	op := operation{tag: "Devices", object: auth.Device, action: auth.Create, path: "/devices/{id}/secret"}

	op.id, op.method, op.summary = "setDeviceSecret", http.MethodPost, "Set a device's password for MQTT"
	op.doc, op.status = "It replaces the one before. The answer shows it once.", http.StatusCreated
	op.example = secretInput{}
	register(a, op, func(c *call, in *struct {
		ByID
		Body secretInput
	}) (*one[secretShown], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(d.Version, in.Body.Version); err != nil {
			return nil, err
		}
		secret := in.Body.Secret
		if secret == "" {
			secret = auth.NewSecret()
		}
		d.SecretHash = auth.Hash(secret)
		put, err := a.putDevice(c, d)
		if err != nil {
			return nil, err
		}
		return &one[secretShown]{secretShown{Device: d.ID, Username: d.UniqueID, Secret: secret, Version: put.Body.Version}}, nil
	})

	op.id, op.method, op.summary = "deleteDeviceSecret", http.MethodDelete, "Remove a device's password for MQTT"
	op.doc, op.status, op.action, op.example = "", 0, auth.Delete, nil
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(d.Version, in.Version); err != nil {
			return nil, err
		}
		d.SecretHash = nil
		_, err = a.putDevice(c, d)
		return nil, err
	})
}
