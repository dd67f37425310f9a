// Package gsm knows how a short message is coded on the air: the 7-bit default
// alphabet of GSM 03.38 (3GPP TS 23.038 section 6.2.1) with its extension
// table, UCS-2 for everything else, and how many parts a text makes (TS 23.040
// section 9.2.3.24.1: a part of several gives 6 octets to the joining header).
//
// One letter outside the alphabet turns 160 characters a part into 70, which
// costs the customer twice or thrice. So Fit replaces letters that the
// alphabet lacks by their nearest relatives ("ã" by "a", but "é" and "ñ", which
// it has, stay) if that brings the whole text into the alphabet, and leaves
// the text as written otherwise.
package gsm
