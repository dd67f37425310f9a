// Package picture makes safe small images of what people upload: it looks at
// the size that a file claims before it decodes, turns the picture as its EXIF
// orientation (Exif 2.32, tag 0x0112) says, shrinks it and encodes it anew, so
// that nothing else of the file is left: no place, no camera, no appended data.
package picture
