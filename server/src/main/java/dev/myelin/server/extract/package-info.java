/// Texts out of files: plain text, Markdown, HTML, PDF.
@NullMarked
package dev.myelin.server.extract;

import org.jspecify.annotations.NullMarked;
