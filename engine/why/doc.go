// Package why explains: why there was, or was not, an event of a device about
// a time, and a notice of it.
//
// It runs the device's stored fixes through track.Step once more, under the
// worlds of their own times, and writes down what each fix met: the gates of
// trust, the fences near by, what it said for or against a change and what was
// under way. Beside that it sets what is on record: events with their traces,
// the notifications of the device's owners, and what became of each delivery.
// It changes nothing, and it starts nothing; whoever asks brings the sources
// ([Sources]) and says whose fences, notifications and deliveries may be shown
// ([Question]).
//
// [Explain] words its findings in one of four languages (catalogue/), and
// [Write] prints an explanation as plain text. [Replay] explains the fixes of a
// file.
package why
