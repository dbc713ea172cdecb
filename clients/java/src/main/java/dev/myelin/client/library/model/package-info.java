/// Libraries, documents, questions and changes, as the client takes and gives them.
@NullMarked
package dev.myelin.client.library.model;

import org.jspecify.annotations.NullMarked;
