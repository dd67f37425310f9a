package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// coordinates reads the "coordinates" of a geometry from text that is known to
// be JSON. It stops at the first fault and at the first point too many, so what
// it keeps is bounded whatever the text claims.
type coordinates struct {
	text  []byte
	at    int   // the next byte
	path  []int // the indexes on the way to it, outermost first
	count int   // points so far
	lists int   // rings and polygons so far
}

// list reads a list, calling each for every element.
func (c *coordinates) list(each func() error) error {
	if !c.take('[') {
		return c.fault(NotAList)
	}
	if c.lists++; c.lists > 2*MaxRings+1 {
		return tooManyPoints()
	}
	c.path = append(c.path, 0)
	for !c.take(']') {
		if err := each(); err != nil {
			return err
		}
		c.take(',')
		c.path[len(c.path)-1]++
	}
	c.path = c.path[:len(c.path)-1]
	return nil
}

// points reads a list of positions.
func (c *coordinates) points() (out []Point, err error) {
	out = []Point{}
	err = c.list(func() error {
		p, err := c.position()
		if c.count++; c.count > MaxVertices {
			return tooManyPoints()
		}
		out = append(out, p)
		return err
	})
	return out, err
}

// polygon reads a list of rings.
func (c *coordinates) polygon() (out Polygon, err error) {
	out = Polygon{}
	err = c.list(func() error {
		ring, err := c.points()
		out = append(out, ring)
		return err
	})
	return out, err
}

// position reads [longitude, latitude] or, as altitudes do not matter,
// [longitude, latitude, altitude].
func (c *coordinates) position() (Point, error) {
	c.space()
	start, n, numbers := c.at, 0, true
	var v [3]float64
	for more := c.take('['); more && numbers && n < len(v); more = c.take(',') {
		v[n], numbers = c.number()
		n++
	}
	if numbers && n >= 2 && c.take(']') {
		return Point{v[0], v[1]}, nil
	}
	c.at = start
	return Point{}, c.fault(NotAPosition)
}

// number reads a number that a double can hold.
func (c *coordinates) number() (float64, bool) {
	c.space()
	rest := c.text[c.at:]
	end := 0
	for end < len(rest) && strings.IndexByte("+-.eE0123456789", rest[end]) >= 0 {
		end++
	}
	c.at += end
	v, err := strconv.ParseFloat(string(rest[:end]), 64)
	return v, err == nil
}

// take skips white space and, if it is what comes next, the byte b.
func (c *coordinates) take(b byte) bool {
	c.space()
	if c.at < len(c.text) && c.text[c.at] == b {
		c.at++
		return true
	}
	return false
}

func (c *coordinates) space() {
	for c.at < len(c.text) && strings.IndexByte(" \t\r\n", c.text[c.at]) >= 0 {
		c.at++
	}
}

// fault is a fault at the next byte, with the way to it.
func (c *coordinates) fault(code Code) error {
	c.space()
	err := faultless(code, "text", string(c.text[c.at:min(len(c.text), c.at+80)])).(*Fault)
	err.Path = "coordinates"
	for _, i := range c.path {
		err.Path += fmt.Sprintf("[%d]", i)
	}
	return err
}
