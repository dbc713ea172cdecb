/// `bench micro`: the inner loops alone, measured with JMH in a process of their own.
@NullMarked
package dev.myelin.bench.micro;

import org.jspecify.annotations.NullMarked;
