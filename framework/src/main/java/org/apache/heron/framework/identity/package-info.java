/** Typed names of what the framework deals with. */
package org.apache.heron.framework.identity;
