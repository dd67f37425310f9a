// Package route tells what a device did in a time that is past: [Legs] cuts its
// fixes into trips, stops and gaps, and [Report] adds which fences it was in, by
// the fences of that time and by the engine's own judgement. It reads what is
// stored and changes nothing.
package route
