// Package text words notices: what happened to which device, in the reader's
// language and local time, with links to the map.
//
// The words stand in catalogue/*.json, one file a language with the same keys
// and the same {placeholders}; a test holds that. Names come from users, so
// they are cleaned of control characters, line breaks and marks that turn the
// direction of writing before they come near a header or an SMS. A placeholder
// inside a name stays a name: values are never expanded again.
package text
