/// Libraries, documents, questions and changes as JSON.
@NullMarked
package dev.myelin.client.library.wire;

import org.jspecify.annotations.NullMarked;
