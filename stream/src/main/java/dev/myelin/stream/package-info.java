/// Observation sessions: sequence rules, verdicts, lanes, pressure, flow control, drain, resume.
///
/// The door is [ObservationService]. A transport adapts two things: [ClientMessage] in, [Peer] out.
@NullMarked
package dev.myelin.stream;

import org.jspecify.annotations.NullMarked;
