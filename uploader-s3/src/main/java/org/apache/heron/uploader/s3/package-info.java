/** Amazon S3, and stores that speak its protocol. */
package org.apache.heron.uploader.s3;
