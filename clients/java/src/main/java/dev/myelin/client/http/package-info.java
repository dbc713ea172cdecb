/// Requests and answers over plain HTTP: what the typed clients stand on. No API of its own.
@NullMarked
package dev.myelin.client.http;

import org.jspecify.annotations.NullMarked;
