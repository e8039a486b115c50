/** Stores that a topology package can be put in; one class each, named in the configuration. */
package org.apache.heron.uploader;
