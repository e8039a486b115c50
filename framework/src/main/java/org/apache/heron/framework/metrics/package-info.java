/** What the framework counts and measures, in the words of monitoring systems. */
package org.apache.heron.framework.metrics;
