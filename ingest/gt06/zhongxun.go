package gt06

import "github.com/vigia-track/vigia/ingest"

// zhongxunSize is the size of a frame of the dialect without checksums.
func zhongxunSize([]byte) int { return 0 }

func (c *Codec) decodeSimple(*ingest.Session, []byte) ([]byte, bool) { return nil, false }
