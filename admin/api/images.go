package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/picture"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Images keeps photos and logos, one of each subject. Writes carry their audit
// row in the same transaction; reads are unscoped, their caller checks.
type Images interface {
	PutImage(actor fleet.Actor, v fleet.Image) (fleet.Image, error)
	// DropImage forgets what a subject has; none is fine.
	DropImage(actor fleet.Actor, kind fleet.RecordKind, id uint64) error
	Image(id fleet.RecordID) (fleet.Image, error)
	// ImageOf is the ID of a subject's image, 0 for none.
	ImageOf(kind fleet.RecordKind, id uint64) (fleet.RecordID, error)
}

// Upload is a picture as its file has it. It is exported because only exported
// structs can be embedded.
type Upload struct {
	RawBody []byte `contentType:"image/*"`
}

type imageMade struct {
	Image fleet.RecordID `json:"image" doc:"Read it at /images/{id}; another picture has another ID"`
}

// imageFile is an image as browsers read it.
type imageFile struct {
	Type        string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

// images adds photos of people and logos of customers and companies.
func (a *API) images() {
	subject(a, "User", "/users/{id}/image", auth.User, func(c *call, id string) (fleet.Image, error) {
		u, err := c.person(id)
		if err == nil && !auth.MayGrant(c.user.Role, u.Role) {
			err = &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		return imageOfUser(&u), err
	})
	subject(a, "Customer", "/customers/{id}/image", auth.Customer, func(c *call, id string) (fleet.Image, error) {
		cu, err := c.customer(id)
		if err == nil {
			err = c.resells(cu.ID)
		}
		return fleet.Image{Head: fleet.Head{Company: cu.Company, Owner: fleet.Owner(cu.ID)}, Customer: cu.ID}, err
	})
	subject(a, "Company", "/companies/{id}/image", auth.Company, func(c *call, id string) (fleet.Image, error) {
		co, err := c.company(id)
		return fleet.Image{Head: fleet.Head{Company: co.ID, Owner: fleet.Owner(co.ID)}, Logo: co.ID}, err
	})
	subject(a, "My", "/me/image", auth.Me, func(c *call, _ string) (fleet.Image, error) { return imageOfUser(c.user), nil })

	op := operation{
		tag: "Images", object: auth.Image, action: auth.Read, id: "getImage", method: http.MethodGet, path: "/images/{id}",
		summary: "Read a photo or logo", doc: "Of whom you see; your company's logo. What is under an ID never changes.",
	}
	register(a, op, func(c *call, in *ByID) (*imageFile, error) {
		n, err := fleet.ParseID[imageKey](in.ID)
		if err != nil || n == 0 {
			return nil, errNotFound()
		}
		v, err := a.o.Books.Images.Image(fleet.RecordID(n))
		if err != nil {
			return nil, err
		}
		kind, id := v.Of()
		switch {
		case kind == fleet.CompanyRecord && fleet.CompanyID(id) == c.user.Company, kind == fleet.UserRecord && fleet.UserID(id) == c.user.ID:
		case !c.scope.SeesOwner(v.Company, v.Owner), kind == fleet.UserRecord && c.user.Role == fleet.CustomerUser:
			return nil, errNotFound()
		}
		return &imageFile{
			Type: v.Type, Cache: "private, max-age=86400, immutable", Disposition: "inline", Policy: "default-src 'none'; sandbox", Body: v.Data,
		}, nil
	})
}

func imageOfUser(u *fleet.User) fleet.Image {
	owner := fleet.Owner(u.Company)
	if u.Customer != 0 {
		owner = fleet.Owner(u.Customer)
	}
	return fleet.Image{Head: fleet.Head{Company: u.Company, Owner: owner}, User: u.ID}
}

// subject adds how the image of one kind of thing is put and removed; find
// gives an image without a picture, of what the path names.
func subject(a *API, name, path string, object auth.Object, find func(*call, string) (fleet.Image, error)) {
	op := operation{tag: "Images", object: object, action: auth.Update, method: http.MethodPut, path: path, body: picture.MaxBytes + 1}
	op.id, op.summary = "put"+name+"Image", "Set the image"
	op.doc = "The body is a JPEG or PNG file, of at most 8 MiB and 24 million pixels (a PNG: 8). It is turned upright, shrunk to 320 pixels and encoded anew: nothing else of the file is kept."
	put := func(c *call, id string, file []byte) (*one[imageMade], error) {
		v, err := find(c, id)
		if err != nil {
			return nil, err
		}
		if v.Company == 0 {
			return nil, fleet.FieldError("image", "only people of a company have one")
		}
		if v.Data, v.Type, err = picture.Make(file, fleet.ImageSide); err != nil {
			return nil, err
		}
		v, err = a.o.Books.Images.PutImage(c.actor(), v)
		return &one[imageMade]{imageMade{v.ID}}, err
	}
	drop := func(c *call, id string) (*struct{}, error) {
		v, err := find(c, id)
		if err != nil {
			return nil, err
		}
		kind, of := v.Of()
		return nil, a.o.Books.Images.DropImage(c.actor(), kind, of)
	}
	if object == auth.Me {
		register(a, op, func(c *call, in *Upload) (*one[imageMade], error) { return put(c, "", in.RawBody) })
	} else {
		register(a, op, func(c *call, in *struct {
			ByID
			Upload
		}) (*one[imageMade], error) {
			return put(c, in.ID, in.RawBody)
		})
	}
	op.id, op.method, op.summary, op.doc, op.body = "clear"+name+"Image", http.MethodDelete, "Remove the image", "", 0
	if object == auth.Me {
		register(a, op, func(c *call, _ *struct{}) (*struct{}, error) { return drop(c, "") })
	} else {
		register(a, op, func(c *call, in *ByID) (*struct{}, error) { return drop(c, in.ID) })
	}
}

// image is the ID of a subject's image, 0 for none.
func (c *call) image(kind fleet.RecordKind, id uint64) fleet.RecordID {
	image, err := c.api.o.Books.Images.ImageOf(kind, id)
	if err != nil {
		c.api.o.Log.Warn("no image", "kind", kind, "err", err)
	}
	return image
}

type imageKey struct{}
