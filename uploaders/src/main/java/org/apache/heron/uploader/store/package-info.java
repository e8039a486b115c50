/** What all uploads have in common: attempts, progress, and taking back. */
package org.apache.heron.uploader.store;
